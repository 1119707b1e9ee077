with contribution as (

    select contribution.*
    from {{ ref('gold_score_contribution') }} as contribution
    inner join {{ ref('int_date_to_score') }} as date_to_score
        on contribution.as_of = date_to_score.as_of
    where contribution.score = 'churn_risk_score'

),

score as (

    select
        customer_id,
        as_of,
        max(coverage) as coverage,
        {{ exact_sum('contribution', 12) }} as unrounded_score,
        {{ component_points('usage_decline') }} as usage_decline,
        {{ component_points('payment_issues') }} as payment_issues,
        {{ component_points('support_problems') }} as support_problems,
        {{ component_points('low_engagement') }} as low_engagement
    from contribution
    group by customer_id, as_of

),

-- A customer of whom no measure is known has no contribution, and a coverage of 0; one that is not
-- scored at its stage has none.
rounded as (

    select
        measure.customer_id,
        measure.as_of,
        {{ rounded_score('score.unrounded_score') }} as churn_risk_score,
        case when {{ is_scored('measure.lifecycle_stage') }} then coalesce(score.coverage, 0) end
            as coverage,
        score.usage_decline,
        score.payment_issues,
        score.support_problems,
        score.low_engagement,
        score.unrounded_score
    from {{ ref('int_customer_measure') }} as measure
    left join score
        on measure.customer_id = score.customer_id and measure.as_of = score.as_of

)

select
    customer_id,
    as_of,
    churn_risk_score,
    case when coverage is not null then {{ risk_level('churn_risk_score') }} end
        as churn_risk_level,
    coverage,
    usage_decline,
    payment_issues,
    support_problems,
    low_engagement,
    unrounded_score
from rounded
union all
select * from {{ ref('int_kept_churn_risk') }}
