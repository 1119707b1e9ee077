-- No orphans and no gaps: the customers of today are those of the bridge.
select
    bridge.customer_id as bridge_customer_id,
    metrics.customer_id as scored_customer_id
from (select distinct customer_id from {{ ref('core_customer_account') }}) as bridge
full outer join {{ ref('gold_customer_360_current') }} as metrics
    on bridge.customer_id = metrics.customer_id
where bridge.customer_id is null or metrics.customer_id is null
