with alert as (

    select
        alert.*,
        case alert.severity when 'HIGH' then 3 when 'MEDIUM' then 2 else 1 end as severity_rank
    from gold.risk_alerts as alert
    where not list_contains($quiet, alert.alert_id)

),

-- The same money counts once.
stake as (

    select
        customer_id,
        sum(stake_usd) as stake_usd
    from (
        select
            customer_id,
            stake_metric,
            max(stake_usd) as stake_usd
        from alert
        group by customer_id, stake_metric
    ) as kind_of_stake
    group by customer_id

),

needing as (

    select
        customer_id,
        list(message order by severity_rank desc, alert_code) as reasons,
        any_value(is_small) as is_small
    from alert
    group by customer_id
    having max(severity_rank) = 3

)

select
    customer.*,
    needing.reasons,
    stake.stake_usd,
    'HIGH' as severity
from gold.serving_customer as customer
inner join needing on customer.customer_id = needing.customer_id
inner join stake on customer.customer_id = stake.customer_id
where
    memory.is_listed(
        $regions, customer.regions, customer.is_top_level, customer.master_regions
    )
    and (cast($owner as varchar) is null or customer.owner_name = $owner)
    -- Those that leave are told apart: that is a fact, no risk.
    and customer.is_scored
    and customer.lifecycle_stage is distinct from 'leaving'
    and needing.is_small = $small
order by stake.stake_usd desc nulls last, customer.customer_id
limit 50
