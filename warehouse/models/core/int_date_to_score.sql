select
    as_of,
    newest_usage_month
from {{ ref('core_scored_date') }}
where not is_kept
