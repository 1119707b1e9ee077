{% macro bronze_directory() -%}
    {#- Folder of the raw extracts. -#}
    {{ return(env_var('CUSTOMER360_DATA', 'data') ~ '/bronze') }}
{%- endmacro %}

{% macro bronze_manifest() -%}
    {#- The extractor's manifest as a dictionary; only files it names exist for the warehouse.
        Raises a compiler error when nothing has been extracted. -#}
    {%- set content = text_file(bronze_directory() ~ '/manifest.json') -%}
    {%- if not content -%}
        {{ exceptions.raise_compiler_error(
            'No extract in ' ~ bronze_directory() ~ ' (no manifest.json): run `python -m extract` '
            ~ 'first, or point CUSTOMER360_DATA at a data folder that has one'
        ) }}
    {%- endif -%}
    {{ return(fromjson(content)) }}
{%- endmacro %}

{% macro visible_files(files, as_of) -%}
    {#- The files of one object, a list of manifest entries, that were extracted on or before a day
        given as text (YYYY-MM-DD); the files of the earliest extraction when the day is before it.
        -#}
    {%- set visible = [] -%}
    {%- for file in files if file.extracted_at[:10] <= as_of -%}
        {%- do visible.append(file) -%}
    {%- endfor -%}
    {%- if not visible -%}
        {%- set earliest = files | map(attribute='extracted_at') | min if files else none -%}
        {%- for file in files if file.extracted_at == earliest -%}
            {%- do visible.append(file) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(visible) }}
{%- endmacro %}
