{#-
    What was published for a day is kept as published. A run that knows the published warehouse
    (environment variable CUSTOMER360_PUBLISHED_FILE, or a catalog `published` that is attached
    already) copies the scored dates it shares with it and scores only the others. A full refresh
    scores every date anew.
-#}

{% macro published_columns(table) -%}
    {#- Names of the columns of a published gold table; none when it was not published. -#}
    {{ return(run_query(
        "select column_name from duckdb_columns() where database_name = 'published' "
        ~ "and schema_name = 'gold' and table_name = '" ~ table ~ "'"
    ).columns[0].values() | list if is_published_known() else []) }}
{%- endmacro %}

{% macro kept_rows(model) -%}
    {#- The rows of a published gold model on the scored dates that are kept, where they are about
    customers of those that still exist, in the columns of its contract; a column that was not yet
    published is null. -#}
    {%- if execute -%}
        {%- set columns = graph.nodes['model.' ~ project_name ~ '.' ~ model].columns -%}
        {%- set published = published_columns(model | replace('gold_', '', 1)) -%}
        select
            {%- for column in columns.values() %}
            cast({{ 'kept.' ~ column.name if column.name in published else 'null' }}
                as {{ column.data_type }}) as {{ column.name }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {% if published -%}
            published.gold.{{ model | replace('gold_', '', 1) }} as kept
            inner join {{ ref('core_scored_date') }} as scored_date on kept.as_of = scored_date.as_of
            where
                scored_date.is_kept
                {%- if 'customer_id' in columns %}
                    and kept.customer_id
                    in (select customer_id from {{ ref('core_customer_account') }})
                {%- endif %}
        {%- else -%}
            {{ ref('core_scored_date') }}
            where false
        {%- endif -%}
    {%- else -%}
        {#- For the parser: what the query will depend on. -#}
        select 1 from {{ ref('core_scored_date') }}, {{ ref('core_customer_account') }}
    {%- endif -%}
{%- endmacro %}
