-- Question: how much of the recurring revenue hangs on how few customers?
-- Reading: one row per tenth of the paying customers, largest first; cumulative_share of the first
-- row is what leaves if the largest tenth does. Masters count once.
with tenths as (
    select
        metrics.arr_usd,
        ntile(10) over (order by metrics.arr_usd desc, metrics.customer_id asc) as tenth
    from {{ ref('gold_customer_360_current') }} as metrics
    inner join {{ ref('gold_customer') }} as customer on metrics.customer_id = customer.customer_id
    where customer.is_top_level and metrics.arr_usd > 0
),

totals as (
    select
        tenth,
        count(*) as customers,
        sum(arr_usd) as arr_usd
    from tenths
    group by tenth
)

select
    tenth,
    customers,
    arr_usd,
    sum(arr_usd) over (order by tenth) / sum(arr_usd) over () as cumulative_share
from totals
order by tenth
