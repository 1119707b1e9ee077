select
    sum(customers) as customers,
    sum(active_customers) as active_customers,
    sum(mrr_usd) as mrr_usd,
    sum(arr_usd) as arr_usd,
    sum(case when churn_risk_level = 'HIGH' then arr_usd else 0 end) as revenue_at_risk_usd,
    sum(case when churn_risk_level = 'HIGH' then customers else 0 end) as high_risk_customers,
    sum(case when health_category = 'Critical' then customers else 0 end) as critical_customers,
    (select count(*) from gold.risk_alerts) as alerts,
    (select count(*) from gold.recommendations) as recommendations
from gold.serving_summary
where
    is_top_level
    and as_of = (select max(summary.as_of) from gold.serving_summary as summary)
