{#-
    A warehouse that Spark has built is published by the run that publishes any other: DuckDB takes
    each table from Spark's Parquet files in place of its own query, then serves, tests and audits.
-#}

{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) -%}
    {#- The adapter's own, but for a table that lies in CUSTOMER360_SPARK_TABLES: what Spark does
    not build (models/serving and models/ops) is built here as always. -#}
    {%- set directory = env_var('CUSTOMER360_SPARK_TABLES', '') -%}
    {%- if directory and not temporary and model.fqn[1] not in ['serving', 'ops'] -%}
        {%- set table = this.schema ~ '.db/' ~ this.identifier -%}
        {%- set files = [directory, table, '*.parquet'] | join('/') -%}
        {%- set quoted = files | replace("'", "''") -%}
        {%- set compiled_code = "select * from read_parquet('" ~ quoted ~ "')" -%}
        {#- The order by which customers are found: files are read in any. -#}
        {%- if 'customer_bucket' in model.columns -%}
            {%- set compiled_code = compiled_code ~ ' order by customer_bucket' -%}
        {%- endif -%}
    {%- endif -%}
    {{ dbt.duckdb__create_table_as(
        temporary, relation, compiled_code, language, partitioned_by, sorted_by
    ) }}
{%- endmacro %}
