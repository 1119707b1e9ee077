-- Scores and points lie within 0 to 100, coverage within 0 to 1, and no score without half
-- coverage.
select
    customer_id,
    as_of,
    health_score as score,
    coverage
from {{ ref('gold_health_score') }}
where
    health_score not between 0 and 100
    or coverage not between 0 and 1
    or (health_score is null) <> (coverage < 0.5)
    or least(payment_history, support_quality, usage_trends, engagement) < 0
    or greatest(payment_history, support_quality, usage_trends, engagement) > 100
union all
select
    customer_id,
    as_of,
    churn_risk_score as score,
    coverage
from {{ ref('gold_churn_risk') }}
where
    churn_risk_score not between 0 and 100
    or coverage not between 0 and 1
    or (churn_risk_score is null) <> (coverage < 0.5)
    or least(usage_decline, payment_issues, support_problems, low_engagement) < 0
    or greatest(usage_decline, payment_issues, support_problems, low_engagement) > 100
