select
    as_of,
    lifecycle_stage,
    health_score,
    health_category,
    churn_risk_score,
    churn_risk_level,
    mrr_usd,
    annual_revenue_usd
from gold.serving_score_history
where
    customer_bucket = cast('0x' || substr(md5($customer_id), 1, 6) as integer)
    and customer_id = $customer_id
order by as_of
