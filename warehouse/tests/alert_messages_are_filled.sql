-- A brace that is left in a message names a metric that does not exist.
select *
from {{ ref('gold_risk_alerts') }}
where strpos(message, '{') > 0 or strpos(message, '}') > 0
