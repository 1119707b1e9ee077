with contribution as (

    select contribution.*
    from {{ ref('gold_score_contribution') }} as contribution
    inner join {{ ref('int_date_to_score') }} as date_to_score
        on contribution.as_of = date_to_score.as_of
    where contribution.score = 'health_score'

),

score as (

    select
        customer_id,
        as_of,
        max(coverage) as coverage,
        {{ exact_sum('contribution', 12) }} as unrounded_score,
        {{ component_points('payment_history') }} as payment_history,
        {{ component_points('support_quality') }} as support_quality,
        {{ component_points('usage_trends') }} as usage_trends,
        {{ component_points('engagement') }} as engagement
    from contribution
    group by customer_id, as_of

),

-- A customer of whom no measure is known has no contribution, and a coverage of 0; one that is not
-- scored at its stage has none.
rounded as (

    select
        measure.customer_id,
        measure.as_of,
        {{ rounded_score('score.unrounded_score') }} as health_score,
        case when {{ is_scored('measure.lifecycle_stage') }} then coalesce(score.coverage, 0) end
            as coverage,
        score.payment_history,
        score.support_quality,
        score.usage_trends,
        score.engagement,
        score.unrounded_score
    from {{ ref('int_customer_measure') }} as measure
    left join score
        on measure.customer_id = score.customer_id and measure.as_of = score.as_of

)

select
    customer_id,
    as_of,
    health_score,
    case when coverage is not null then {{ score_category('health_score') }} end as health_category,
    coverage,
    payment_history,
    support_quality,
    usage_trends,
    engagement,
    unrounded_score
from rounded
union all
select * from {{ ref('int_kept_health_score') }}
