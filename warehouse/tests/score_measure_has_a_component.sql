-- A measure of a component that the score does not have would never count.
select score_measure.*
from {{ ref('score_measure') }} as score_measure
left join {{ ref('score_component') }} as score_component
    on
        score_measure.score = score_component.score
        and score_measure.component = score_component.component
where score_component.component is null
