-- What the measures moved a score by sums to its difference, between the two newest dates to score.
{%- set earlier = month_end(add_months(run_as_of(), -1)) %}
with change as (

    select
        customer_id,
        score,
        sum(score_change) as score_change,
        sum(value_change + curve_change + weight_change) as parts
    from {{ ref('gold_score_change') }}
    where from_as_of = {{ earlier }} and to_as_of = {{ run_as_of() }}
    group by customer_id, score

)

select change.*
from change
inner join {{ ref('gold_health_score') }} as earlier
    on change.customer_id = earlier.customer_id and earlier.as_of = {{ earlier }}
inner join {{ ref('gold_health_score') }} as later
    on change.customer_id = later.customer_id and later.as_of = {{ run_as_of() }}
where
    change.score = 'health_score'
    and (
        abs(change.score_change - (later.unrounded_score - earlier.unrounded_score)) > 1e-6
        or abs(change.score_change - change.parts) > 1e-6
    )
