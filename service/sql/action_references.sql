select distinct action_reference
from gold.customer_timeline
where customer_id = $customer_id and action_reference is not null
