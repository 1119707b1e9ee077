select
    contract.contract_number,
    contract.status,
    contract.start_date,
    contract.end_date,
    contract.contract_term_months,
    account.account_name
from silver.contract as contract
inner join gold.customer_account as bridge on contract.account_id = bridge.account_id
inner join silver.account as account on contract.account_id = account.account_id
where
    bridge.customer_id = $customer_id
    and cast(contract.created_at as date) <= $as_of
order by contract.end_date desc nulls first, contract.contract_id
limit $row_limit
