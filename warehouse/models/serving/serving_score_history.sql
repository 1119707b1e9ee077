select
    customer_id,
    as_of,
    lifecycle_stage,
    health_score,
    health_category,
    churn_risk_score,
    churn_risk_level,
    cast(mrr_usd as double) as mrr_usd,
    cast(annual_revenue_usd as double) as annual_revenue_usd,
    {{ lookup_bucket('customer_id') }} as customer_bucket
from {{ ref('gold_customer_360_metrics') }}
order by customer_bucket, customer_id, as_of
