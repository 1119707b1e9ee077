{%- set selects = [] -%}
{%- for object in silver_objects() + ['interaction'] -%}
    {%- do selects.append(
        "select '%s' as object, count(*) as row_count, max(system_modstamp) as last_changed_at, "
        "max(extracted_at) as last_extracted_at from %s" | format(object, ref('silver_' ~ object))
    ) -%}
{%- endfor -%}

with newest as (

    {{ selects | join('\n    union all\n    ') }}

)

select
    object,
    row_count,
    last_changed_at,
    last_extracted_at,
    {{ days_between('cast(last_changed_at as date)', run_as_of()) }} as days_since_change,
    {{ days_between('cast(last_extracted_at as date)', run_as_of()) }} as days_since_extraction
from newest
