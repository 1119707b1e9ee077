-- Question: how much recurring revenue is at risk, and in which regions?
-- Reading: at risk is the annual recurring revenue of customers whose churn risk is HIGH or MEDIUM.
-- A large share says where to look first; a large amount says where it pays. Masters count once.
select
    coalesce(customer.region, 'Unknown') as region,
    count(*) as customers,
    sum(metrics.arr_usd) as arr_usd,
    sum(case when metrics.churn_risk_level = 'HIGH' then metrics.arr_usd else 0 end)
        as high_risk_arr_usd,
    sum(case when metrics.churn_risk_level = 'MEDIUM' then metrics.arr_usd else 0 end)
        as medium_risk_arr_usd,
    sum(case when metrics.churn_risk_level in ('HIGH', 'MEDIUM') then metrics.arr_usd else 0 end)
    / nullif(sum(metrics.arr_usd), 0) as share_at_risk
from {{ ref('gold_customer_360_current') }} as metrics
inner join {{ ref('gold_customer') }} as customer on metrics.customer_id = customer.customer_id
where customer.is_top_level and {{ is_scored('metrics.lifecycle_stage') }}
group by 1
order by 6 desc
