with visible as (

    select *
    from gold.serving_summary
    where
        as_of = $as_of
        and memory.is_listed($regions, regions, is_top_level, master_regions)

),

grouped as (

    select
        'health' as dimension,
        health_category as name,
        customers,
        mrr_usd
    from visible
    union all
    select
        'churn' as dimension,
        churn_risk_level as name,
        customers,
        mrr_usd
    from visible
    union all
    select
        'region' as dimension,
        region as name,
        customers,
        mrr_usd
    from visible
    union all
    select
        'segment' as dimension,
        segment as name,
        customers,
        mrr_usd
    from visible
    union all
    select
        'stage' as dimension,
        lifecycle_stage as name,
        stage_customers as customers,
        mrr_usd
    from visible

)

select
    dimension,
    name,
    cast(sum(customers) as integer) as customers,
    sum(mrr_usd) as mrr_usd
from grouped
-- Who is not scored has no category, and counts under no region.
where customers > 0
group by dimension, name
order by
    dimension,
    case name
        when 'Healthy' then 1
        when 'At-Risk' then 2
        when 'Critical' then 3
        when 'HIGH' then 1
        when 'MEDIUM' then 2
        when 'LOW' then 3
        when 'leaving' then 1
        when 'onboarding' then 2
        when 'active' then 3
        when 'former' then 4
        when 'prospect' then 5
        when 'Unknown' then 9
        else 4
    end,
    mrr_usd desc nulls last,
    name
