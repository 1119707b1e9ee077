select customer_id
from gold.serving_customer
where
    customer_id = $customer_id
    and memory.may_see($regions, regions)
