{% macro log_row_count() -%}
    {#- Post-hook: tells the run's display and the run log how many rows a table got. DuckDB keeps
        the count of a table, so this reads no data; of views it would, so they have none. -#}
    {%- if execute and model.config.materialized != 'view' -%}
        {%- set rows = run_query('select count(*) from ' ~ this).rows[0][0] -%}
        {%- do log('rows: ' ~ rows, info=true) -%}
    {%- endif -%}
{%- endmacro %}
