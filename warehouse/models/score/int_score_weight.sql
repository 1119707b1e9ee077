with pattern as (

    select distinct {{ presence_bits('customer_measure') }} as presence
    from {{ ref('int_customer_measure') }} as customer_measure
    where {{ is_scored('customer_measure.lifecycle_stage') }}

),

present as (

    select
        pattern.presence,
        score_measure.score,
        score_measure.component,
        score_measure.measure,
        score_measure.phrase,
        cast(score_measure.weight as decimal(18, 9)) as measure_weight,
        cast(score_component.weight as decimal(18, 9)) as component_weight
    from pattern
    cross join {{ ref('score_measure') }} as score_measure
    inner join {{ ref('score_component') }} as score_component
        on
            score_measure.score = score_component.score
            and score_measure.component = score_component.component
    where {{ is_present('score_measure.measure', 'pattern.presence') }}

),

coverage as (

    select
        presence,
        score,
        sum(component_weight) as coverage
    from (select distinct
        presence,
        score,
        component,
        component_weight
    from present) as component
    group by presence, score

)

select
    present.presence,
    present.score,
    present.component,
    present.measure,
    {{ metric_unit('present.measure') }} as unit,
    split_part(present.phrase, '{value}', 1) as phrase_start,
    split_part(present.phrase, '{value}', 2) as phrase_end,
    cast(coverage.coverage as double) as coverage,
    cast(present.component_weight as double) / cast(coverage.coverage as double)
    * cast(present.measure_weight as double)
    / cast(
        sum(present.measure_weight) over (
            partition by present.presence, present.score, present.component
        ) as double
    ) as weight
from present
inner join coverage
    on present.presence = coverage.presence and present.score = coverage.score
