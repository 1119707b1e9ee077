with customer_measure as (

    select
        *,
        {{ presence_bits('customer_measure') }} as presence
    from {{ ref('int_customer_measure') }} as customer_measure
    where {{ is_scored('customer_measure.lifecycle_stage') }}

),

measured as (

    select
        customer_measure.customer_id,
        customer_measure.as_of,
        score_weight.score,
        score_weight.component,
        score_weight.measure,
        score_weight.unit,
        score_weight.phrase_start,
        score_weight.phrase_end,
        score_weight.coverage,
        score_weight.weight,
        {{ measure_value('score_weight.measure', 'customer_measure') }} as value
    from customer_measure
    inner join {{ ref('int_score_weight') }} as score_weight
        on customer_measure.presence = score_weight.presence

),

pointed as (

    select
        measured.*,
        segment.start_points + segment.slope * (measured.value - segment.start_x) as points
    from measured
    inner join {{ ref('int_score_segment') }} as segment
        on
            measured.score = segment.score
            and measured.measure = segment.measure
            and measured.value >= segment.lower_bound
            and measured.value < segment.upper_bound

)

select
    customer_id,
    as_of,
    score,
    component,
    measure,
    value,
    points,
    weight,
    -- Below half of the weight there is no score, hence nothing that adds up to one.
    case when coverage >= 0.5 then weight * points end as contribution,
    coverage,
    concat(
        phrase_start,
        {{ metric_text('value', 'unit') }},
        phrase_end,
        case when score = 'churn_risk_score' then ': adds ' else ': costs ' end,
        {{ number_text(
            "case
                when score = 'churn_risk_score' then weight * points
                else weight * (100 - points)
            end", 1
        ) }},
        ' points'
    ) as driver
from pointed
union all
select * from {{ ref('int_kept_score_contribution') }}
