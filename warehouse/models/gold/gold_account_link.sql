select
    account_id_1,
    account_id_2,
    method,
    similarity,
    confidence,
    evidence,
    is_cross_region,
    {{ run_as_of() }} as matched_at
from {{ ref('int_account_link') }}
