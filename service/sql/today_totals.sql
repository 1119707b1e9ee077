with alert as (

    select
        customer_id,
        severity,
        stake_metric,
        stake_usd,
        is_small
    from gold.risk_alerts
    where not list_contains($quiet, alert_id)

),

-- The same money counts once.
kind_of_stake as (

    select
        customer_id,
        max(stake_usd) as stake_usd,
        bool_or(severity = 'HIGH') as is_high,
        any_value(is_small) as is_small
    from alert
    group by customer_id, stake_metric

),

needing as (

    select
        customer_id,
        sum(stake_usd) as stake_usd,
        any_value(is_small) as is_small
    from kind_of_stake
    group by customer_id
    having bool_or(is_high)

)

select
    cast(count(*) filter (where not needing.is_small) as integer) as customers_needing_attention,
    coalesce(sum(needing.stake_usd) filter (where not needing.is_small), 0) as stake_usd,
    coalesce(sum(customer.arr_usd) filter (where not needing.is_small), 0) as arr_at_risk_usd,
    cast(count(*) filter (where needing.is_small) as integer) as small_customers,
    coalesce(sum(needing.stake_usd) filter (where needing.is_small), 0) as small_stake_usd
from gold.serving_customer as customer
inner join needing on customer.customer_id = needing.customer_id
where
    memory.is_listed(
        $regions, customer.regions, customer.is_top_level, customer.master_regions
    )
    and (cast($owner as varchar) is null or customer.owner_name = $owner)
    -- Those that leave are told apart: that is a fact, no risk.
    and customer.is_scored
    and customer.lifecycle_stage is distinct from 'leaving'
