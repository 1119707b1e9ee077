select count(*) as total
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
