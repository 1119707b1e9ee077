select
    account_id as customer_id,
    mrr_usd,
    date '2026-11-22' as as_of,
    case when mrr_usd < 20 then 'Critical' else 'Healthy' end as health_category
from {{ ref('silver_account') }}
