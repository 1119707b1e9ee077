select
    former_customer_id,
    customer_id,
    ended_on,
    reason
from gold.customer_alias
order by ended_on, former_customer_id
