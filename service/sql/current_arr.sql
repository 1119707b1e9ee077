select
    customer_id,
    arr_usd
from gold.serving_customer
where
    list_contains($customer_ids, customer_id)
    and memory.may_see($regions, regions)
