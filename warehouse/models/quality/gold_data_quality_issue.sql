{%- set objects = [
    'account', 'contact', 'opportunity', 'opportunity_line_item', 'product', 'asset', 'contract',
    'case', 'task', 'event', 'user', 'invoice', 'usage',
] -%}

{%- for object in objects %}
select
    object,
    record_id,
    field,
    raw_value,
    issue_type,
    reason
from {{ ref('int_' ~ object ~ '_issue') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
