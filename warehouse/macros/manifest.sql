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

{% macro visible_extracts(files, as_of) -%}
    {#- What of one object was known on a day.

        files: its manifest entries, each with extracted_at and, after compaction, extracted_until
        (the newest row's); as_of: the day as text (YYYY-MM-DD). Returns a dictionary of `files`,
        those with rows extracted on or before the day, and `condition`, SQL that leaves out the
        later rows among them, none when there are none. A day before the first extraction sees what
        was extracted on that first day. -#}
    {%- set earliest = files | map(attribute='extracted_at') | min if files else '' -%}
    {%- set last = [as_of, earliest[:10]] | max -%}
    {%- set visible = [] -%}
    {%- for file in files if file.extracted_at[:10] <= last -%}
        {%- do visible.append(file) -%}
    {%- endfor -%}
    {%- set later = [] -%}
    {%- for file in visible if file.get('extracted_until', '')[:10] > last -%}
        {%- do later.append(file) -%}
    {%- endfor -%}
    {{ return({
        'files': visible,
        'condition': '_extracted_at < ' ~ "timestamp '" ~ last ~ " 00:00:00' + interval 1 day"
        if later else none,
    }) }}
{%- endmacro %}
