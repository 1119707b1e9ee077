select
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
from gold.customer_timeline
where
    customer_bucket = cast('0x' || substr(md5($customer_id), 1, 6) as integer)
    and customer_id = $customer_id
    and (cast($type as varchar) is null or event_type = $type)
    and (cast($from_day as date) is null or occurred_at >= cast($from_day as date))
    and (
        cast($to_day as date) is null
        or occurred_at < cast($to_day as date) + interval 1 day
    )
    and (
        cast($after_id as varchar) is null
        or occurred_at < cast($after_at as timestamp)
        or (occurred_at = cast($after_at as timestamp) and event_id > $after_id)
    )
order by occurred_at desc, event_id
limit $row_limit
