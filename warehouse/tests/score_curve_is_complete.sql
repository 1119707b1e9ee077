-- Every measure of a score needs two knots or more with distinct x and points within 0 to 100.
select
    score_measure.score,
    score_measure.measure,
    count(score_curve.x) as knots
from {{ ref('score_measure') }} as score_measure
left join {{ ref('score_curve') }} as score_curve
    on
        score_measure.score = score_curve.score
        and score_measure.measure = score_curve.measure
group by score_measure.score, score_measure.measure
having
    count(score_curve.x) < 2
    or count(distinct score_curve.x) < count(score_curve.x)
    or min(score_curve.points) < 0
    or max(score_curve.points) > 100
