select metrics.*
from {{ ref('gold_customer_360_metrics') }} as metrics
inner join {{ ref('core_scored_date') }} as scored_date
    on metrics.as_of = scored_date.as_of
where scored_date.is_current
