select
    rule_id,
    metric,
    operator,
    cast(threshold as double) as threshold
from seeds.recommendation_condition
order by rule_id, metric
