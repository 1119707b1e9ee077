select
    score,
    component,
    measure,
    cast(weight as double) as weight
from seeds.score_measure
order by score desc, component asc, weight desc, measure asc
