with visible as (

    select *
    from gold.serving_customer
    where
        memory.is_listed($regions, regions, is_top_level, master_regions)
        and (cast($owner as varchar) is null or owner_name = $owner)
        and lifecycle_stage = 'leaving'

),

-- What else is wrong: that a customer leaves is said already.
alert as (

    select
        customer_id,
        list(
            message order by
                case severity when 'HIGH' then 1 when 'MEDIUM' then 2 else 3 end, alert_code
        ) as reasons
    from gold.risk_alerts
    where metric <> 'days_to_leave' and not list_contains($quiet, alert_id)
    group by customer_id

)

select
    visible.customer_id,
    visible.customer_name,
    visible.region,
    visible.owner_name,
    visible.leaves_on,
    visible.arr_usd,
    visible.health_score,
    visible.health_category,
    visible.churn_risk_score,
    visible.churn_risk_level,
    coalesce(alert.reasons, []) as reasons,
    cast(count(*) over () as integer) as customers,
    sum(visible.arr_usd) over () as leaving_arr_usd
from visible
left join alert on visible.customer_id = alert.customer_id
order by visible.leaves_on nulls last, visible.arr_usd desc nulls last, visible.customer_id
limit 50
