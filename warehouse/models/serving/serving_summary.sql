with customer as (

    select
        customer_id,
        coalesce(region, 'Unknown') as region,
        coalesce(segment, 'Unknown') as segment,
        is_top_level,
        regions,
        master_regions
    from {{ ref('serving_customer') }}

)

select
    metrics.as_of,
    customer.regions,
    customer.master_regions,
    customer.is_top_level,
    customer.region,
    customer.segment,
    metrics.lifecycle_stage,
    metrics.health_category,
    metrics.churn_risk_level,
    -- Those that are scored: who is no customer yet, or no longer, is counted beside them.
    cast(count(case when {{ is_scored('metrics.lifecycle_stage') }} then 1 end) as integer)
        as customers,
    cast(count(*) as integer) as stage_customers,
    cast(count(case when metrics.mrr_usd > 0 then 1 end) as integer) as active_customers,
    cast(sum(metrics.mrr_usd) as double) as mrr_usd,
    cast(sum(metrics.arr_usd) as double) as arr_usd,
    cast(sum(metrics.annual_revenue_usd) as double) as annual_revenue_usd,
    cast(sum(metrics.clv_usd) as double) as clv_usd,
    cast(sum(metrics.pipeline_usd) as double) as pipeline_usd,
    cast(sum(metrics.weighted_pipeline_usd) as double) as weighted_pipeline_usd,
    cast(sum(metrics.overdue_amount_usd) as double) as overdue_amount_usd,
    cast(sum(metrics.mrr_a_year_ago_usd) as double) as mrr_a_year_ago_usd,
    cast(sum(case when metrics.mrr_a_year_ago_usd > 0 then metrics.mrr_usd end) as double)
        as kept_mrr_usd,
    cast(
        sum(
            case
                when metrics.mrr_a_year_ago_usd > 0
                    then least(metrics.mrr_usd, metrics.mrr_a_year_ago_usd)
            end
        ) as double
    ) as retained_mrr_usd,
    sum(metrics.health_score) as health_score_sum,
    cast(count(metrics.health_score) as integer) as health_scored_customers,
    sum(metrics.churn_risk_score) as churn_risk_score_sum,
    cast(count(metrics.churn_risk_score) as integer) as churn_risk_scored_customers
from {{ ref('gold_customer_360_metrics') }} as metrics
inner join {{ ref('int_date_to_score') }} as date_to_score on metrics.as_of = date_to_score.as_of
inner join customer on metrics.customer_id = customer.customer_id
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
union all
-- As published, like gold.portfolio_summary.
select * from ({{ kept_rows('serving_summary') }}) as kept_summary
order by 1
