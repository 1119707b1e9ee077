{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- Schemas are named after the layer alone: silver.account, not main_silver.account. Whatever
        layer it serves, a model named int_ is not published: it lies in schema intermediate. -#}
    {%- if node.name.startswith('int_') -%}
        intermediate
    {%- else -%}
        {{ custom_schema_name | trim if custom_schema_name else target.schema }}
    {%- endif -%}
{%- endmacro %}
