{{ config(indexes=[{'columns': ['customer_id'], 'unique': true}]) }}

with customer as (

    select * from {{ ref('gold_customer') }}

),

-- The regions that a caller must be allowed to see: those of all accounts behind a customer.
customer_region as (

    select
        bridge.customer_id,
        list_sort(list(distinct coalesce(account.region, 'Unknown'))) as regions
    from {{ ref('core_customer_account') }} as bridge
    inner join {{ ref('silver_account') }} as account on bridge.account_id = account.account_id
    group by bridge.customer_id

),

current_metrics as (

    select * from {{ ref('gold_customer_360_current') }}

),

previous_date as (

    select max(as_of) as previous_as_of
    from {{ ref('core_scored_date') }}
    where not is_current

),

previous as (

    select metrics.*
    from {{ ref('gold_customer_360_metrics') }} as metrics
    inner join previous_date on metrics.as_of = previous_date.previous_as_of

),

history as (

    select
        customer_id,
        list(health_score order by as_of) as health_history
    from (
        select
            customer_id,
            as_of,
            health_score,
            row_number() over (partition by customer_id order by as_of desc) as age
        from {{ ref('gold_customer_360_metrics') }}
    ) as scored
    where age <= 12
    group by customer_id

),

-- The charged services of those that have none any more, with the day on which the last one ended.
past_service as (

    select
        current_metrics.customer_id,
        current_metrics.as_of,
        service.started_on,
        service.ended_on,
        service.fixed_monthly_charge_usd,
        service.monthly_charge,
        service.currency_code,
        max(service.ended_on) over (partition by current_metrics.customer_id) as last_day
    from current_metrics
    inner join {{ ref('core_customer_account') }} as bridge
        on current_metrics.customer_id = bridge.customer_id
    inner join {{ ref('int_service') }} as service
        on
            bridge.account_id = service.account_id
            and current_metrics.as_of > service.ended_on
    where
        current_metrics.lifecycle_stage = 'former'
        and coalesce(service.fixed_monthly_charge_usd, service.monthly_charge) > 0

),

-- What a former customer paid a month on its last day with a service, at the rates of as_of.
lost as (

    select
        past_service.customer_id,
        sum(
            coalesce(
                past_service.fixed_monthly_charge_usd, {{ to_usd('past_service.monthly_charge') }}
            )
        ) as lost_mrr_usd
    from past_service
    left join {{ ref('silver_exchange_rate_day') }} as rate
        on
            past_service.as_of = rate.rate_day
            and past_service.currency_code = rate.currency_code
    where past_service.ended_on = past_service.last_day
    group by past_service.customer_id

),

alert as (

    select
        customer_id,
        count(*) as open_alerts,
        max(case severity when 'HIGH' then 3 when 'MEDIUM' then 2 else 1 end) as severity_rank
    from {{ ref('gold_risk_alerts') }}
    group by customer_id

)

select
    customer.customer_id,
    customer.customer_name,
    lower(strip_accents(customer.customer_name)) as folded_name,
    customer.customer_kind,
    customer.region,
    customer.country_code,
    customer.segment,
    customer.owner_name,
    customer.is_top_level,
    customer.master_account_id,
    cast(customer.member_count as integer) as member_count,
    customer_region.regions,
    master_region.regions as master_regions,
    current_metrics.as_of,
    previous_date.previous_as_of,
    current_metrics.lifecycle_stage,
    {{ is_scored('current_metrics.lifecycle_stage') }} as is_scored,
    current_metrics.left_on,
    current_metrics.leaves_on,
    cast(lost.lost_mrr_usd as double) as lost_mrr_usd,
    current_metrics.health_score,
    current_metrics.health_category,
    round(current_metrics.health_score - previous.health_score, 1) as health_score_change,
    previous.health_category as previous_health_category,
    current_metrics.churn_risk_score,
    current_metrics.churn_risk_level,
    round(current_metrics.churn_risk_score - previous.churn_risk_score, 1)
        as churn_risk_score_change,
    previous.churn_risk_level as previous_churn_risk_level,
    cast(current_metrics.mrr_usd as double) as mrr_usd,
    cast(current_metrics.arr_usd as double) as arr_usd,
    cast(current_metrics.annual_revenue_usd as double) as annual_revenue_usd,
    current_metrics.yoy_growth,
    current_metrics.active_services,
    current_metrics.days_to_expiry,
    current_metrics.max_days_overdue,
    cast(current_metrics.overdue_amount_usd as double) as overdue_amount_usd,
    current_metrics.usage_change_90d,
    current_metrics.days_since_last_contact,
    cast(coalesce(alert.open_alerts, 0) as integer) as open_alerts,
    alert.severity_rank,
    history.health_history
from customer
cross join previous_date
left join customer_region on customer.customer_id = customer_region.customer_id
left join customer_region as master_region
    on customer.master_account_id = master_region.customer_id
left join current_metrics on customer.customer_id = current_metrics.customer_id
left join previous on customer.customer_id = previous.customer_id
left join lost on customer.customer_id = lost.customer_id
left join history on customer.customer_id = history.customer_id
left join alert on customer.customer_id = alert.customer_id
order by customer.customer_id
