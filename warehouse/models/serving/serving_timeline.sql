{{ config(indexes=[{'columns': ['customer_id']}]) }}

select
    customer_id,
    event_id,
    account_id,
    event_type,
    event_subtype,
    occurred_at,
    title,
    description,
    cast(amount_usd as double) as amount_usd,
    status,
    source_object,
    source_id,
    action_reference
from {{ ref('gold_customer_timeline') }}
order by customer_id asc, occurred_at desc, event_id asc
