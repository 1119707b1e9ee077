select customer_id
from gold.serving_customer
where
    customer_id = $customer_id
    and (cast($regions as varchar[]) is null or list_has_all($regions, regions))
