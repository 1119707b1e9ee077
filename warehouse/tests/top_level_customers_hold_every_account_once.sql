-- Through top-level customers every account counts exactly once.
select
    bridge.account_id,
    count(*) as top_level_customers
from {{ ref('core_customer_account') }} as bridge
inner join {{ ref('gold_customer') }} as customer on bridge.customer_id = customer.customer_id
where customer.is_top_level
group by bridge.account_id
having count(*) <> 1
