select distinct action_reference
from gold.customer_timeline
where
    customer_bucket = cast('0x' || substr(md5($customer_id), 1, 6) as integer)
    and customer_id = $customer_id
    and action_reference is not null
