select
    'R001-' || customer_id as recommendation_id,
    customer_id
from {{ ref('gold_risk_alerts') }}
