{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {#- Model names carry the layer (silver_account), relations do not (silver.account), but
        for base views: unit tests call inputs by their alias, and must tell the two apart. -#}
    {%- set parts = node.name.split('_') -%}
    {%- if custom_alias_name -%}
        {{ custom_alias_name | trim }}
    {%- elif parts[0] in ['silver', 'int', 'core', 'gold', 'ops'] -%}
        {{ parts[1:] | join('_') }}
    {%- else -%}
        {{ node.name }}
    {%- endif -%}
{%- endmacro %}
