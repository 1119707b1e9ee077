{% macro within_file(model) -%}
    {#- A model without the name of its database, for views that are published: DuckDB names a
    database after its file, and the published file is not called what the candidate was. -#}
    {{ return(ref(model).include(database=false)) }}
{%- endmacro %}
