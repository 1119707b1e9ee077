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

)

select
    dimension,
    name,
    cast(sum(customers) as integer) as customers,
    sum(mrr_usd) as mrr_usd
from grouped
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
        when 'Unknown' then 9
        else 4
    end,
    mrr_usd desc nulls last,
    name
