select bridge.account_id
from gold.customer_account as bridge
inner join gold.serving_customer as account on bridge.account_id = account.customer_id
where bridge.customer_id = $customer_id
order by account.mrr_usd desc nulls last, bridge.account_id
limit 1
