-- What the backtest resamples: customers fall into 50 fixed groups by a hash of their id, and whole
-- groups are drawn, so that the months of one customer stay together, as they depend on each other.
select
    {{ hash_bucket('customer_id', 50) }} as customer_group,
    horizon_days,
    as_of,
    churn_risk_score as score,
    count(*) as customers,
    count(case when is_churned then 1 end) as churned,
    cast(sum(mrr_usd) as double) as mrr_usd,
    cast(sum(case when is_churned then mrr_usd else 0 end) as double) as churned_mrr_usd
from {{ ref('int_churn_outcome') }}
group by 1, 2, 3, 4
