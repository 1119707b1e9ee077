select
    id as account_id,
    name as account_name,
    mrr as mrr_usd
from {{ ref('base_account') }}
