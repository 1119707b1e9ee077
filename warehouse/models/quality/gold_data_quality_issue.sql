{%- set selects = [] -%}
{%- for object in silver_objects() -%}
    {%- do selects.append('select * from ' ~ ref('int_' ~ object ~ '_issue')) -%}
{%- endfor -%}

with issue as (

    {{ selects | join('\n    union all\n    ') }}

)

select
    object,
    record_id,
    field,
    raw_value,
    issue_type,
    reason
from issue
