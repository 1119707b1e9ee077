select
    customer_id,
    arr_usd
from gold.serving_customer
where
    list_contains($customer_ids, customer_id)
    and (cast($regions as varchar[]) is null or list_has_all($regions, regions))
