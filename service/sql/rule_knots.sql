select
    score,
    measure,
    cast(x as double) as x,
    cast(points as double) as points
from seeds.score_curve
order by score desc, measure asc, x asc
