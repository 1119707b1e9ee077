-- The newest scored date and the one before it: what explains a score and its change.
with scored_date as (

    select
        as_of,
        row_number() over (order by as_of desc) as recency
    from {{ ref('core_scored_date') }}

)

select
    contribution.customer_id,
    contribution.as_of,
    scored_date.recency = 1 as is_current,
    contribution.score,
    contribution.component,
    contribution.measure,
    contribution.value,
    contribution.points,
    contribution.weight,
    contribution.contribution,
    contribution.driver,
    {{ lookup_bucket('contribution.customer_id') }} as customer_bucket
from {{ ref('gold_score_contribution') }} as contribution
inner join scored_date on contribution.as_of = scored_date.as_of
where scored_date.recency <= 2
order by customer_bucket, contribution.customer_id
