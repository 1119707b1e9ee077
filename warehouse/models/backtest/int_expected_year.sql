{%- set horizon_days = var('churn_horizon') -%}

with level as (

    {%- for level in ['HIGH', 'MEDIUM', 'LOW', 'Unknown'] %}
                {{ 'union all ' if not loop.first }}select '{{ level }}' as churn_risk_level
    {%- endfor %}

),

outcome as (

    select
        as_of,
        churn_risk_level,
        count(*) as customers,
        count(case when is_churned then 1 end) as churned
    from {{ ref('int_churn_outcome') }}
    where horizon_days = {{ horizon_days }}
    group by as_of, churn_risk_level

),

-- What a day could know: the month ends whose horizon had passed by then.
measured as (

    select
        scored_date.as_of,
        level.churn_risk_level,
        sum(outcome.customers) as customers,
        sum(outcome.churned) as churned,
        sum(sum(outcome.customers)) over (partition by scored_date.as_of) as all_customers,
        sum(sum(outcome.churned)) over (partition by scored_date.as_of) as all_churned
    from {{ ref('core_scored_date') }} as scored_date
    cross join level
    left join outcome
        on
            level.churn_risk_level = outcome.churn_risk_level
            and {{ add_days('outcome.as_of', horizon_days) }} <= scored_date.as_of
    group by scored_date.as_of, level.churn_risk_level

),

hazard as (

    select
        as_of,
        churn_risk_level,
        case
            when all_churned >= {{ var('backtest_minimum_events') }} and customers > churned
                then -ln(1 - churned / cast(customers as double)) * 365 / {{ horizon_days }}
            when all_churned >= {{ var('backtest_minimum_events') }} and customers = churned
                then cast('Infinity' as double)
        end as annual_churn_hazard,
        -- A level that hardly anybody was at says nothing of its own.
        case
            when all_churned < {{ var('backtest_minimum_events') }} or all_churned is null then null
            when customers >= {{ var('backtest_minimum_events') }}
                then churned / cast(customers as double)
            else all_churned / cast(all_customers as double)
        end as share_left
    from measured

)

select
    as_of,
    churn_risk_level,
    annual_churn_hazard,
    case
        when annual_churn_hazard is null then {{ var('expected_years_default') }}
        when annual_churn_hazard = 0 then {{ var('expected_years_maximum') }}
        else
            least(
                greatest(1 / annual_churn_hazard, {{ var('expected_years_minimum') }}),
                {{ var('expected_years_maximum') }}
            )
    end as expected_remaining_years,
    coalesce(
        share_left,
        1 - exp(-{{ horizon_days }} / cast(365 as double) / {{ var('expected_years_default') }})
    ) as share_left
from hazard
