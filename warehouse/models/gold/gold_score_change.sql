{#- A view: every pair of dates would be many times the contributions, and a filter on customer and
dates reaches them. It names no database, as the published file has another name. -#}
{{ config(materialized='view') }}

with pair as (

    select
        earlier.as_of as from_as_of,
        later.as_of as to_as_of
    from {{ within_file('core_scored_date') }} as earlier
    inner join {{ within_file('core_scored_date') }} as later on earlier.as_of < later.as_of

),

side as (

    select
        pair.from_as_of,
        pair.to_as_of,
        contribution.customer_id,
        contribution.score,
        contribution.component,
        contribution.measure,
        contribution.value as from_value,
        contribution.points as from_points,
        contribution.weight as from_weight,
        cast(null as double) as to_value,
        cast(null as double) as to_points,
        cast(null as double) as to_weight
    from pair
    inner join {{ within_file('gold_score_contribution') }} as contribution
        on pair.from_as_of = contribution.as_of
    where contribution.contribution is not null
    union all
    select
        pair.from_as_of,
        pair.to_as_of,
        contribution.customer_id,
        contribution.score,
        contribution.component,
        contribution.measure,
        cast(null as double) as from_value,
        cast(null as double) as from_points,
        cast(null as double) as from_weight,
        contribution.value as to_value,
        contribution.points as to_points,
        contribution.weight as to_weight
    from pair
    inner join {{ within_file('gold_score_contribution') }} as contribution
        on pair.to_as_of = contribution.as_of
    where contribution.contribution is not null

),

compared as (

    select
        customer_id,
        from_as_of,
        to_as_of,
        score,
        component,
        measure,
        max(from_value) as from_value,
        max(to_value) as to_value,
        coalesce(max(from_points), 0) as from_points,
        coalesce(max(to_points), 0) as to_points,
        coalesce(max(from_weight), 0) as from_weight,
        coalesce(max(to_weight), 0) as to_weight
    from side
    group by customer_id, from_as_of, to_as_of, score, component, measure

)

-- to_weight * to_points - from_weight * from_points, split without remainder.
select
    customer_id,
    from_as_of,
    to_as_of,
    score,
    component,
    measure,
    from_value,
    to_value,
    to_weight * to_points - from_weight * from_points as score_change,
    case when from_value = to_value then 0 else from_weight * (to_points - from_points) end
        as value_change,
    -- The same value earns other points only where the seeds changed.
    case when from_value = to_value then from_weight * (to_points - from_points) else 0 end
        as curve_change,
    (to_weight - from_weight) * to_points as weight_change
from compared
