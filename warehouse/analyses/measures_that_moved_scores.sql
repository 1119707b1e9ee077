-- Question: which measures moved the scores since the last month end?
-- Reading: a contribution is in points of its score, so mean_change is the points that the mean
-- score gained through the measure. Up is good for health_score and bad for churn_risk_score.
-- Weights shift when a measure becomes known: that is part of the change.
with days as (
    select
        max(as_of) as newest,
        max(case when not is_current then as_of end) as previous
    from {{ ref('core_scored_date') }}
),

contributions as (
    select
        contribution.score,
        contribution.measure,
        contribution.customer_id,
        sum(
            contribution.contribution
            * case when contribution.as_of = days.newest then 1 else -1 end
        ) as difference
    from {{ ref('gold_score_contribution') }} as contribution
    inner join days on contribution.as_of in (days.newest, days.previous)
    inner join {{ ref('gold_customer') }} as customer
        on contribution.customer_id = customer.customer_id
    where customer.is_top_level
    group by contribution.score, contribution.measure, contribution.customer_id
)

select
    score,
    measure,
    avg(difference) as mean_change,
    sum(case when difference > 0 then 1 else 0 end) as customers_up,
    sum(case when difference < 0 then 1 else 0 end) as customers_down
from contributions
group by score, measure
order by score asc, abs(avg(difference)) desc
