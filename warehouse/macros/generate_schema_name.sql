{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- Schemas are named after the layer alone: silver.account, not main_silver.account. -#}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
