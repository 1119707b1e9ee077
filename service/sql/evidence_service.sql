select
    asset.asset_name,
    asset.status,
    asset.install_date,
    asset.usage_end_date,
    asset.monthly_charge,
    asset.currency_code,
    asset.monthly_charge_usd,
    account.account_name
from silver.asset as asset
inner join gold.customer_account as bridge on asset.account_id = bridge.account_id
inner join silver.account as account on asset.account_id = account.account_id
where
    bridge.customer_id = $customer_id
    and cast(asset.created_at as date) <= $as_of
    and asset.install_date <= $as_of
    and (asset.usage_end_date is null or asset.usage_end_date >= $as_of)
order by asset.monthly_charge_usd desc nulls last, asset.asset_id
limit $row_limit
