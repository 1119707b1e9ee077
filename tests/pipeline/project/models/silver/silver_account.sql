select
    id as account_id,
    name as account_name,
    mrr as mrr_usd,
    case when length(id) = 4 then 'Europe' else 'Africa' end as region
from {{ ref('base_account') }}
