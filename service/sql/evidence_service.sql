select
    asset.asset_name,
    asset.status,
    asset.install_date,
    asset.usage_end_date,
    asset.monthly_charge,
    asset.currency_code,
    cast(cast(asset.monthly_charge as decimal(19, 2)) * rate.exchange_rate as decimal(18, 2))
        as monthly_charge_usd,
    account.account_name
from silver.asset as asset
inner join gold.customer_account as bridge on asset.account_id = bridge.account_id
inner join silver.account as account on asset.account_id = account.account_id
left join silver.exchange_rate_day as rate
    on asset.currency_code = rate.currency_code and rate.rate_day = $as_of
where
    bridge.customer_id = $customer_id
    and cast(asset.created_at as date) <= $as_of
    and coalesce(asset.install_date, cast(asset.created_at as date)) <= $as_of
    and (asset.usage_end_date is null or asset.usage_end_date >= $as_of)
order by monthly_charge_usd desc nulls last, asset.asset_id
limit $row_limit
