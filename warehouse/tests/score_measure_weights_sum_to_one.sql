-- Weights of a component's measures must sum to 1, in every component there is.
select
    score_component.score,
    score_component.component,
    sum(score_measure.weight) as weights
from {{ ref('score_component') }} as score_component
left join {{ ref('score_measure') }} as score_measure
    on
        score_component.score = score_measure.score
        and score_component.component = score_measure.component
group by score_component.score, score_component.component
having coalesce(abs(sum(score_measure.weight) - 1), 1) > 1e-9
