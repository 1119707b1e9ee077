select
    revenue.customer_id,
    revenue.as_of,
    payment.max_days_overdue,
    payment.overdue_amount_usd,
    payment.disputed_amount_usd,
    cast(payment.overdue_amount_usd as double) / nullif(cast(revenue.mrr_usd as double), 0)
        as overdue_share,
    payment.on_time_payment_rate_12m,
    payment.on_time_rate_change_6m,
    support.open_cases,
    support.escalated_open_cases,
    support.cases_per_service_90d,
    support.cases_change_90d,
    support.high_severity_share_90d,
    support.mean_resolution_hours_180d,
    support.sla_breaches_90d,
    usage_measure.usage_change_90d,
    usage_measure.usage_zscore,
    engagement.days_since_last_contact,
    engagement.meetings_180d,
    engagement.qbrs_180d,
    engagement.renewal_rate_24m,
    revenue.mrr_usd,
    revenue.mrr_a_year_ago_usd,
    revenue.arr_usd,
    revenue.mrr_source,
    revenue.active_services,
    revenue.annual_revenue_usd,
    revenue.previous_annual_revenue_usd,
    revenue.yoy_growth,
    revenue.clv_usd,
    revenue.revenue_source,
    revenue.win_rate,
    revenue.pipeline_usd,
    revenue.weighted_pipeline_usd,
    revenue.customer_since,
    revenue.contract_end_date,
    revenue.days_to_expiry,
    lifecycle.lifecycle_stage,
    lifecycle.left_on,
    lifecycle.leaves_on,
    lifecycle.days_to_leave
from {{ ref('int_revenue_metric') }} as revenue
inner join {{ ref('int_lifecycle') }} as lifecycle
    on revenue.customer_id = lifecycle.customer_id and revenue.as_of = lifecycle.as_of
inner join {{ ref('int_payment_measure') }} as payment
    on revenue.customer_id = payment.customer_id and revenue.as_of = payment.as_of
inner join {{ ref('int_support_measure') }} as support
    on revenue.customer_id = support.customer_id and revenue.as_of = support.as_of
inner join {{ ref('int_usage_measure') }} as usage_measure
    on revenue.customer_id = usage_measure.customer_id and revenue.as_of = usage_measure.as_of
inner join {{ ref('int_engagement_measure') }} as engagement
    on revenue.customer_id = engagement.customer_id and revenue.as_of = engagement.as_of
