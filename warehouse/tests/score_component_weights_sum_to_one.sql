-- Weights of a score's components must sum to 1.
select
    score,
    sum(weight) as weights
from {{ ref('score_component') }}
group by score
having abs(sum(weight) - 1) > 1e-9
