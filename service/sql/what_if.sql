create temp table scored_anew as
with visible as (

    select *
    from gold.serving_customer
    where
        memory.is_listed($regions, regions, is_top_level, master_regions)
        and is_scored

),

component_weight as (

    select
        unnest($components) as component,
        unnest($weights) as weight

),

measure_weight as (

    select
        component,
        measure,
        cast(weight as double) as weight
    from seeds.score_measure
    where score = $score

),

knot as (

    select
        entry.measure,
        cast(entry.x as double) as x,
        cast(entry.points as double) as points
    from (select unnest($knots) as entry) as listed

),

-- Outside the knots the end knot's points hold.
segment as (

    select
        measure,
        x as from_x,
        points as from_points,
        lead(x) over curve as to_x,
        lead(points) over curve as to_points,
        lag(x) over curve is null as is_first
    from knot
    window curve as (partition by measure order by x)

),

bounded_segment as (

    select
        measure,
        case when is_first then cast('-infinity' as double) else from_x end as lower_bound,
        coalesce(to_x, cast('infinity' as double)) as upper_bound,
        from_x,
        from_points,
        coalesce((to_points - from_points) / (to_x - from_x), 0) as slope
    from segment

),

pointed as (

    select
        contribution.customer_id,
        contribution.component,
        contribution.measure,
        segment.from_points
        + segment.slope * (greatest(contribution.value, segment.from_x) - segment.from_x) as points
    from gold.serving_contribution as contribution
    inner join bounded_segment as segment
        on
            contribution.measure = segment.measure
            and contribution.value >= segment.lower_bound
            and contribution.value < segment.upper_bound
    where contribution.is_current and contribution.score = $score

),

component_score as (

    select
        pointed.customer_id,
        component_weight.component,
        component_weight.weight,
        sum(measure_weight.weight * pointed.points) / sum(measure_weight.weight) as points
    from pointed
    inner join measure_weight
        on
            pointed.component = measure_weight.component
            and pointed.measure = measure_weight.measure
    inner join component_weight on pointed.component = component_weight.component
    group by pointed.customer_id, component_weight.component, component_weight.weight

),

scored as (

    select
        customer_id,
        case
            when sum(weight) >= 0.5 - 1e-9
                then round(round(sum(weight * points) / sum(weight), 8), 1)
        end as score
    from component_score
    group by customer_id

),

compared as (

    select
        visible.customer_id,
        visible.customer_name,
        visible.mrr_usd,
        case $score
            when 'health_score' then visible.health_score else visible.churn_risk_score
        end as before,
        scored.score as after
    from visible
    left join scored on visible.customer_id = scored.customer_id

)

select
    *,
    case
        when before is null then 'Unknown'
        when $score = 'health_score' and before >= 80 then 'Healthy'
        when $score = 'health_score' and before >= 50 then 'At-Risk'
        when $score = 'health_score' then 'Critical'
        when before >= 70 then 'HIGH'
        when before >= 40 then 'MEDIUM'
        else 'LOW'
    end as label_before,
    case
        when after is null then 'Unknown'
        when $score = 'health_score' and after >= 80 then 'Healthy'
        when $score = 'health_score' and after >= 50 then 'At-Risk'
        when $score = 'health_score' then 'Critical'
        when after >= 70 then 'HIGH'
        when after >= 40 then 'MEDIUM'
        else 'LOW'
    end as label_after
from compared
