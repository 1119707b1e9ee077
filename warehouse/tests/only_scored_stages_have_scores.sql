-- Whoever is no customer yet, or no longer, has no score, no category and no coverage; whoever is
-- one has a category.
select
    customer_id,
    as_of,
    lifecycle_stage,
    health_category,
    churn_risk_level
from {{ ref('gold_customer_360_metrics') }}
where
    case
        when {{ is_scored('lifecycle_stage') }}
            then health_category is null or churn_risk_level is null
        else
            coalesce(health_score, churn_risk_score) is not null
            or coalesce(health_coverage, churn_risk_coverage) is not null
            or coalesce(health_category, churn_risk_level) is not null
    end
