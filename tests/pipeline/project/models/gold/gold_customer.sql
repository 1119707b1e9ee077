select
    account_id as customer_id,
    account_name as customer_name,
    region,
    true as is_top_level
from {{ ref('silver_account') }}
