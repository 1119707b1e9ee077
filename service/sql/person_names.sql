select
    bridge.customer_id,
    list(distinct trim(part.name)) as names
from gold.customer_account as bridge
inner join silver.contact as contact on bridge.account_id = contact.account_id
cross join unnest([contact.full_name, contact.first_name, contact.last_name]) as part (name)
where
    bridge.customer_id in (select unnest($customer_ids))
    and length(trim(part.name)) > 1
group by bridge.customer_id
