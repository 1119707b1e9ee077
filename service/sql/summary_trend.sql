select
    as_of,
    cast(sum(customers) as integer) as customers,
    cast(sum(active_customers) as integer) as active_customers,
    sum(mrr_usd) as mrr_usd,
    sum(arr_usd) as arr_usd,
    sum(annual_revenue_usd) as annual_revenue_usd,
    sum(clv_usd) as clv_usd,
    sum(pipeline_usd) as pipeline_usd,
    sum(weighted_pipeline_usd) as weighted_pipeline_usd,
    sum(overdue_amount_usd) as overdue_amount_usd,
    sum(kept_mrr_usd) / nullif(sum(mrr_a_year_ago_usd), 0) as nrr,
    sum(retained_mrr_usd) / nullif(sum(mrr_a_year_ago_usd), 0) as grr,
    sum(case when churn_risk_level = 'HIGH' then arr_usd else 0 end) as revenue_at_risk_usd,
    sum(health_score_sum) / nullif(sum(health_scored_customers), 0) as mean_health_score,
    sum(churn_risk_score_sum) / nullif(sum(churn_risk_scored_customers), 0)
        as mean_churn_risk_score,
    cast(sum(case when health_category = 'Healthy' then customers else 0 end) as integer)
        as healthy,
    cast(sum(case when health_category = 'At-Risk' then customers else 0 end) as integer)
        as at_risk,
    cast(sum(case when health_category = 'Critical' then customers else 0 end) as integer)
        as critical,
    cast(sum(case when health_category = 'Unknown' then customers else 0 end) as integer)
        as unknown
from gold.serving_summary
where
    memory.is_listed($regions, regions, is_top_level, master_regions)
group by as_of
order by as_of
