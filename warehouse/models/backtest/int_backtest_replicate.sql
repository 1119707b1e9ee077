-- Whole points are enough to tell the spread, and keep the resampling small; the estimate itself
-- keeps the decimal.
with bin as (

    select
        customer_group,
        horizon_days,
        as_of,
        score,
        true as is_estimate,
        customers,
        churned,
        mrr_usd,
        churned_mrr_usd
    from {{ ref('int_backtest_bin') }}
    union all
    select
        customer_group,
        horizon_days,
        as_of,
        round(score, 0) as score,
        false as is_estimate,
        sum(customers) as customers,
        sum(churned) as churned,
        sum(mrr_usd) as mrr_usd,
        sum(churned_mrr_usd) as churned_mrr_usd
    from {{ ref('int_backtest_bin') }}
    group by customer_group, horizon_days, as_of, round(score, 0)

)

select
    bin.horizon_days,
    case when grouping(bin.as_of) = 1 then 'pooled' else cast(bin.as_of as string) end as period,
    weight.replicate,
    bin.score,
    sum(weight.weight * bin.customers) as customers,
    sum(weight.weight * bin.churned) as churned,
    sum(weight.weight * bin.mrr_usd) as mrr_usd,
    sum(weight.weight * bin.churned_mrr_usd) as churned_mrr_usd
from bin
inner join {{ ref('int_backtest_weight') }} as weight
    on
        bin.customer_group = weight.customer_group
        and bin.is_estimate = (weight.replicate = 0)
where weight.weight > 0
group by grouping sets (
    (bin.horizon_days, bin.as_of, weight.replicate, bin.score),
    (bin.horizon_days, weight.replicate, bin.score)
)
