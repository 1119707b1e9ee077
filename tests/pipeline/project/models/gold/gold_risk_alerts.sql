select
    'A001-' || customer_id as alert_id,
    customer_id,
    'HIGH' as severity
from {{ ref('gold_customer_360_current') }}
where health_category = 'Critical'
