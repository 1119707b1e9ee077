select
    asset.asset_name,
    usage_record.usage_month,
    usage_record.quantity,
    usage_record.unit,
    asset.monthly_charge_usd,
    account.account_name
from silver.usage as usage_record
inner join gold.customer_account as bridge on usage_record.account_id = bridge.account_id
inner join silver.account as account on usage_record.account_id = account.account_id
inner join gold.scored_date as scored_date on scored_date.as_of = $as_of
left join silver.asset as asset on usage_record.asset_id = asset.asset_id
where
    bridge.customer_id = $customer_id
    and cast(usage_record.created_at as date) <= $as_of
    and usage_record.usage_month <= scored_date.newest_usage_month
    and usage_record.usage_month > scored_date.newest_usage_month
    - case when $measure = 'usage_change_90d' then interval 6 month else interval 13 month end
order by usage_record.usage_month desc, asset.asset_name, usage_record.usage_id
limit $row_limit
