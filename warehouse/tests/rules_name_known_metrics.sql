-- Scores, rules and impacts may name only metrics that exist; a wrong name would stay silent.
with named as (

    select
        'score_measure' as seed,
        measure as metric,
        false as is_rule
    from {{ ref('score_measure') }}
    union all
    select
        'score_curve' as seed,
        measure as metric,
        false as is_rule
    from {{ ref('score_curve') }}
    union all
    select
        'alert_rule' as seed,
        metric,
        true as is_rule
    from {{ ref('alert_rule') }}
    union all
    select
        'alert_rule' as seed,
        stake_metric as metric,
        true as is_rule
    from {{ ref('alert_rule') }}
    union all
    select
        'recommendation_condition' as seed,
        metric,
        true as is_rule
    from {{ ref('recommendation_condition') }}
    union all
    select
        'recommendation_rule' as seed,
        impact_metric as metric,
        true as is_rule
    from {{ ref('recommendation_rule') }}

)

select *
from named
where
    case
        when is_rule then {{ metric_unit('metric') }} is null
        else
            metric not in (
                '{{ metric_units() | join("',
                '") }}'
            )
    end
