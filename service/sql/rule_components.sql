select
    score,
    component,
    cast(weight as double) as weight
from seeds.score_component
order by score desc, weight desc, component asc
