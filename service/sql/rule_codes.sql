select alert_code as code
from seeds.alert_rule
union
select rule_id as code
from seeds.recommendation_rule
order by code
