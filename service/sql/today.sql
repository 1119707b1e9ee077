with visible as (

    select
        *,
        arr_usd * churn_risk_score / 100 as money_at_risk_usd
    from gold.serving_customer
    where
        memory.is_listed($regions, regions, is_top_level, master_regions)
        and (cast($owner as varchar) is null or owner_name = $owner)
        -- Those that leave are told apart: that is a fact, no risk.
        and is_scored
        and lifecycle_stage is distinct from 'leaving'

),

alert as (

    select
        customer_id,
        list(
            message order by
                case severity when 'HIGH' then 1 when 'MEDIUM' then 2 else 3 end, alert_code
        ) as reasons,
        max(case severity when 'HIGH' then 3 when 'MEDIUM' then 2 else 1 end) as severity_rank
    from gold.risk_alerts
    where not list_contains($quiet, alert_id)
    group by customer_id

),

needing as (

    select
        visible.* exclude (severity_rank),
        alert.reasons,
        alert.severity_rank,
        cast(count(*) over () as integer) as customers,
        sum(visible.arr_usd) over () as arr_at_risk_usd
    from visible
    inner join alert on visible.customer_id = alert.customer_id
    where alert.severity_rank = 3

)

select
    *,
    case severity_rank when 3 then 'HIGH' when 2 then 'MEDIUM' else 'LOW' end as severity
from needing
order by money_at_risk_usd desc nulls last, customer_id
limit 50
