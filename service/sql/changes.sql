with visible as (

    select *
    from gold.serving_customer
    where
        memory.is_listed($regions, regions, is_top_level, master_regions)
        and (cast($owner as varchar) is null or owner_name = $owner)

),

change as (

    select
        'became_high' as kind,
        visible.customer_id
    from visible
    inner join previous.gold.serving_customer as before on visible.customer_id = before.customer_id
    where visible.churn_risk_level = 'HIGH' and before.churn_risk_level is distinct from 'HIGH'
    union all
    select
        'became_critical' as kind,
        visible.customer_id
    from visible
    inner join previous.gold.serving_customer as before on visible.customer_id = before.customer_id
    where
        visible.health_category = 'Critical'
        and before.health_category is distinct from 'Critical'
    union all
    select
        'back_to_healthy' as kind,
        visible.customer_id
    from visible
    inner join previous.gold.serving_customer as before on visible.customer_id = before.customer_id
    where visible.health_category = 'Healthy' and before.health_category <> 'Healthy'
    union all
    select
        'alert_opened' as kind,
        alert.customer_id
    from gold.risk_alerts as alert
    inner join visible on alert.customer_id = visible.customer_id
    where
        alert.alert_id not in (
            select before.alert_id from previous.gold.risk_alerts as before
        )
    union all
    select
        'alert_closed' as kind,
        before.customer_id
    from previous.gold.risk_alerts as before
    inner join visible on before.customer_id = visible.customer_id
    where before.alert_id not in (select alert.alert_id from gold.risk_alerts as alert)

)

select
    change.kind,
    cast(count(*) as integer) as count,
    list(
        distinct
        struct_pack(
            customer_id := visible.customer_id,
            customer_name := visible.customer_name,
            region := visible.region
        )
    )[:10] as customers
from change
inner join visible on change.customer_id = visible.customer_id
group by change.kind
order by change.kind
