with portfolio as (

    select
        measure.as_of,
        sum(measure.annual_revenue_usd) as annual_revenue_usd
    from {{ ref('int_customer_measure') }} as measure
    inner join {{ ref('int_scored_customer') }} as scored_customer
        on
            measure.customer_id = scored_customer.customer_id
            and measure.as_of = scored_customer.as_of
    where scored_customer.is_top_level
    group by measure.as_of

),

scored as (

    select
        measure.*,
        health.health_score,
        health.health_category,
        health.coverage as health_coverage,
        health.payment_history,
        health.support_quality,
        health.usage_trends,
        health.engagement,
        churn.churn_risk_score,
        churn.churn_risk_level,
        churn.coverage as churn_risk_coverage,
        churn.usage_decline,
        churn.payment_issues,
        churn.support_problems,
        churn.low_engagement
    from {{ ref('int_customer_measure') }} as measure
    inner join {{ ref('gold_health_score') }} as health
        on measure.customer_id = health.customer_id and measure.as_of = health.as_of
    inner join {{ ref('gold_churn_risk') }} as churn
        on measure.customer_id = churn.customer_id and measure.as_of = churn.as_of

)

select
    scored.customer_id,
    scored.as_of,
    scored.lifecycle_stage,
    scored.left_on,
    scored.leaves_on,
    scored.days_to_leave,
    scored.mrr_usd,
    scored.mrr_a_year_ago_usd,
    scored.arr_usd,
    scored.mrr_source,
    scored.annual_revenue_usd,
    scored.previous_annual_revenue_usd,
    scored.yoy_growth,
    scored.revenue_source,
    cast(scored.annual_revenue_usd as double)
    / nullif(cast(portfolio.annual_revenue_usd as double), 0)
        as revenue_share,
    scored.clv_usd,
    cast(
        cast(scored.clv_usd as double)
        + cast(scored.arr_usd as double)
        * {{ var('gross_margin') }}
        * expected_years.expected_remaining_years
        as decimal(18, 2)
    ) as clv_predicted_usd,
    -- First to more decimals: engines round half a cent of a double differently.
    cast(
        cast(
            cast(scored.arr_usd as double)
            -- Notice that was given is no risk but a fact.
            * case when scored.lifecycle_stage = 'leaving' then 1 else expected_years.share_left end
            as decimal(18, 6)
        ) as decimal(18, 2)
    ) as expected_loss_usd,
    scored.active_services,
    scored.win_rate,
    scored.pipeline_usd,
    scored.weighted_pipeline_usd,
    scored.customer_since,
    scored.contract_end_date,
    scored.days_to_expiry,
    scored.max_days_overdue,
    scored.overdue_amount_usd,
    scored.disputed_amount_usd,
    scored.overdue_share,
    scored.on_time_payment_rate_12m,
    scored.on_time_rate_change_6m,
    scored.open_cases,
    scored.escalated_open_cases,
    scored.cases_per_service_90d,
    scored.cases_change_90d,
    scored.high_severity_share_90d,
    scored.mean_resolution_hours_180d,
    scored.sla_breaches_90d,
    scored.usage_change_90d,
    scored.usage_zscore,
    scored.days_since_last_contact,
    scored.meetings_180d,
    scored.qbrs_180d,
    scored.renewal_rate_24m,
    scored.health_score,
    scored.health_category,
    scored.health_coverage,
    scored.payment_history,
    scored.support_quality,
    scored.usage_trends,
    scored.engagement,
    scored.churn_risk_score,
    scored.churn_risk_level,
    scored.churn_risk_coverage,
    scored.usage_decline,
    scored.payment_issues,
    scored.support_problems,
    scored.low_engagement
from scored
inner join portfolio on scored.as_of = portfolio.as_of
inner join {{ ref('int_expected_year') }} as expected_years
    on
        scored.as_of = expected_years.as_of
        -- Whoever has no level is expected to stay as long as whoever's is not known.
        and coalesce(scored.churn_risk_level, 'Unknown') = expected_years.churn_risk_level
union all
select * from {{ ref('int_kept_customer_360_metrics') }}
