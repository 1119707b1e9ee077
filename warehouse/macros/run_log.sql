{% macro run_log(table, columns) -%}
    {#-
        A table function over the run log that `python -m warehouse build` keeps: one JSON file
        per run. `columns` maps names to DuckDB types. The types are stated, because types guessed
        from a column that happens to be all null would change from run to run; without any file
        yet (dbt used by hand before the first run) it is an empty relation of the same shape.
    -#}
    {%- set files = env_var('CUSTOMER360_DATA', 'data') ~ '/warehouse/runs/' ~ table ~ '/*.json' -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- set found = run_query("select file from glob('" ~ files ~ "') limit 1").rows -%}
    {%- endif -%}
    {%- if found | length > 0 -%}
        read_json(
            '{{ files }}',
            format = 'array',
            columns = {
                {%- for name, type in columns.items() %}
                '{{ name }}': '{{ type }}'{{ ',' if not loop.last }}
                {%- endfor %}
            }
        )
    {%- else -%}
        (
            select
                {%- for name, type in columns.items() %}
                cast(null as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
                {%- endfor %}
            where false
        )
    {%- endif -%}
{%- endmacro %}
