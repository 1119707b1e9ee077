{%- set measures = [
    'base_rate', 'auc', 'average_precision', 'lift_top_decile', 'churned_mrr_in_top_decile',
    'churn_share_high', 'churn_share_medium', 'churn_share_low',
] -%}

with quality as (

    {%- for measure in measures %}
                {{ 'union all' if not loop.first }}
        select
            horizon_days,
            period,
            replicate,
            '{{ measure }}' as measure,
            {{ measure }} as value
        from {{ ref('int_backtest_quality') }}
    {%- endfor %}

),

estimate as (

    select
        horizon_days,
        period,
        measure,
        max(case when replicate = 0 then value end) as value,
        {{ percentile('case when replicate > 0 then value end', 0.025) }} as lower_bound,
        {{ percentile('case when replicate > 0 then value end', 0.975) }} as upper_bound
    from quality
    group by horizon_days, period, measure

),

population as (

    select
        horizon_days,
        period,
        customers,
        churned,
        churned >= {{ var('backtest_minimum_events') }} as is_enough
    from {{ ref('int_backtest_quality') }}
    where replicate = 0

)

select
    cast(estimate.horizon_days as integer) as horizon_days,
    estimate.period,
    estimate.measure,
    -- Too few events tell nothing: no figure is better than a made-up one.
    case when population.is_enough then {{ settled('estimate.value') }} end as value,
    case when population.is_enough then {{ settled('estimate.lower_bound') }} end as lower_bound,
    case when population.is_enough then {{ settled('estimate.upper_bound') }} end as upper_bound,
    cast(population.customers as integer) as customers,
    cast(population.churned as integer) as churned,
    case when population.is_enough then 'measured' else 'not enough outcomes yet' end as status
from estimate
inner join population
    on
        estimate.horizon_days = population.horizon_days
        and estimate.period = population.period
