{% macro bronze_view(
    name, text=[], date=[], timestamp=[], number=[], boolean=[], defaults={}, optional=[],
    expected=true
) -%}
    {#- Query over the raw versions of one Salesforce object that are visible at as_of, with
        canonical snake_case names: one row per version that was extracted.

        name: canonical name of the object; the vars `salesforce_objects`, `salesforce_fields` and
        `salesforce_common_fields` hold the org's own names. The lists name the canonical columns by
        type. Text comes out as text; other columns keep the type in which they arrived (a date may
        have turned into text in the org), to be converted by the silver macros.
        An object or a field that the org lacks becomes an empty relation or a null of its type, and
        one warning, unless it is not expected in every org; defaults: canonical column -> SQL to take
        in place of the null; optional: columns that not every org has, which are not warned of. -#}
    {#- The call makes the source a parent in the lineage; the files come from the manifest. -#}
    {%- do source('salesforce', name) -%}
    {%- set types = {} -%}
    {%- for column in text -%}{%- do types.update({column: 'string'}) -%}{%- endfor -%}
    {%- for column in date -%}{%- do types.update({column: 'date'}) -%}{%- endfor -%}
    {%- for column in timestamp -%}{%- do types.update({column: 'timestamp'}) -%}{%- endfor -%}
    {%- for column in number -%}{%- do types.update({column: 'decimal(18, 2)'}) -%}{%- endfor -%}
    {%- for column in boolean -%}{%- do types.update({column: 'boolean'}) -%}{%- endfor -%}
    {%- do types.update({
        'created_at': 'timestamp',
        'last_modified_at': 'timestamp',
        'system_modstamp': 'timestamp',
        'is_deleted': 'boolean',
        'extracted_at': 'timestamp',
        'source_system': 'string',
        'batch_id': 'string',
    }) -%}
    {%- set fields = dict(var('salesforce_common_fields')) -%}
    {%- do fields.update(var('salesforce_fields')[name]) -%}
    {%- set object_name = var('salesforce_objects')[name] -%}

    {%- set files = [] -%}
    {%- set extracts = {} -%}
    {%- if execute -%}
        {%- set manifest = bronze_manifest() -%}
        {%- set entry = manifest.objects.get(object_name, {}) -%}
        {%- set extracts = visible_extracts(entry.get('files', []), as_of_day(manifest)) -%}
        {%- for file in extracts.files -%}
            {%- do files.append(bronze_directory() ~ '/' ~ file.path) -%}
        {%- endfor -%}
        {%- if expected and entry.get('status', 'missing') == 'missing' and not files -%}
            {%- do exceptions.warn(
                'The org has no object ' ~ object_name ~ ': ' ~ name ~ ' stays empty'
            ) -%}
        {%- endif -%}
    {%- endif -%}
    {%- set arrived = relation_columns(parquet_files(files)) if files else {} -%}
    {%- set absent = [] -%}

select
    {%- for column, type in types.items() %}
    {%- set found = arrived.get(fields[column] | lower) %}
    {%- if not found %}
    {%- if column in var('salesforce_fields')[name] and column not in optional %}
    {%- do absent.append(fields[column]) %}
    {%- endif %}
    cast({{ defaults.get(column, 'null') }} as {{ type }}) as {{ column }}
    {%- elif type == 'string' and found[1] != 'VARCHAR' %}
    cast({{ adapter.quote(found[0]) }} as string) as {{ column }}
    {%- else %}
    {{ adapter.quote(found[0]) }} as {{ column }}
    {%- endif %}
    {{- ',' if not loop.last }}
    {%- endfor %}
    {%- if files %}
from {{ parquet_files(files) }}
    {%- if extracts.condition %}
where {{ extracts.condition }}
    {%- endif %}
    {%- else %}
where false
    {%- endif %}
    {%- if expected and files and absent %}
    {%- do exceptions.warn(
        object_name ~ ' lacks ' ~ absent | join(', ') ~ ': null in ' ~ name
        ~ ' (the org\'s own names are set in vars of dbt_project.yml)'
    ) %}
    {%- endif %}
{%- endmacro %}
