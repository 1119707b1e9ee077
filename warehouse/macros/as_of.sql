{% macro as_of_day(manifest=none) -%}
    {#- The day that is scored, as text (YYYY-MM-DD): the var as_of, else the day (UTC) on which the
        newest complete extraction ended, else that of the newest extracted file. Never the wall
        clock. -#}
    {%- if var('as_of', '') | string -%}
        {{ return(var('as_of') | string) }}
    {%- endif -%}
    {%- set manifest = manifest or bronze_manifest() -%}
    {%- set days = [] -%}
    {%- for run in manifest.runs if run.status == 'complete' -%}
        {%- do days.append(run.finished_at[:10]) -%}
    {%- endfor -%}
    {%- if not days -%}
        {%- for object in manifest.objects.values() -%}
            {%- for file in object.files -%}
                {%- do days.append(file.extracted_at[:10]) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if not days -%}
        {{ exceptions.raise_compiler_error(
            'The manifest in ' ~ bronze_directory() ~ ' holds no extraction: run `python -m extract`'
        ) }}
    {%- endif -%}
    {{ return(days | max) }}
{%- endmacro %}

{% macro run_as_of() -%}
    {#- SQL date literal of the day that is scored (see as_of_day). Unit tests override it. -#}
    {%- if not execute -%}
        {{ return("date '1970-01-01'") }}
    {%- endif -%}
    {%- set day = as_of_day() -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', day) -%}
        {{ exceptions.raise_compiler_error(
            "as_of is '" ~ day ~ "', which is no date of the form YYYY-MM-DD"
        ) }}
    {%- endif -%}
    {{ return("date '" ~ day ~ "'") }}
{%- endmacro %}
