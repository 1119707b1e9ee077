with outcome as (

    select
        horizon_days,
        {{ hash_bucket('customer_id', 50) }} as customer_group,
        churn_risk_score,
        is_churned,
        mrr_usd,
        ntile(10) over (
            partition by horizon_days order by churn_risk_score, as_of, customer_id
        ) as score_decile
    from {{ ref('int_churn_outcome') }}

),

grouped as (

    select
        horizon_days,
        score_decile,
        customer_group,
        count(*) as customers,
        count(case when is_churned then 1 end) as churned,
        {{ exact_sum('churn_risk_score', 1) }} as score_sum,
        min(churn_risk_score) as lowest_score,
        max(churn_risk_score) as highest_score,
        cast(sum(mrr_usd) as double) as mrr_usd,
        cast(sum(case when is_churned then mrr_usd else 0 end) as double) as churned_mrr_usd
    from outcome
    group by horizon_days, score_decile, customer_group

),

resampled as (

    select
        grouped.horizon_days,
        grouped.score_decile,
        weight.replicate,
        sum(weight.weight * grouped.churned) / nullif(sum(weight.weight * grouped.customers), 0)
            as churn_share
    from grouped
    inner join {{ ref('int_backtest_weight') }} as weight
        on grouped.customer_group = weight.customer_group
    where weight.replicate > 0
    group by grouped.horizon_days, grouped.score_decile, weight.replicate

),

spread as (

    select
        horizon_days,
        score_decile,
        {{ percentile('churn_share', 0.025) }} as lower_bound,
        {{ percentile('churn_share', 0.975) }} as upper_bound
    from resampled
    group by horizon_days, score_decile

),

decile as (

    select
        horizon_days,
        score_decile,
        sum(customers) as customers,
        sum(churned) as churned,
        min(lowest_score) as lowest_score,
        max(highest_score) as highest_score,
        {{ settled('sum(score_sum) / sum(customers)') }} as mean_score,
        {{ settled('sum(churned_mrr_usd) / nullif(sum(mrr_usd), 0)') }} as churned_mrr_share,
        sum(sum(churned)) over (partition by horizon_days)
        >= {{ var('backtest_minimum_events') }} as is_enough
    from grouped
    group by horizon_days, score_decile

)

select
    cast(decile.horizon_days as integer) as horizon_days,
    cast(decile.score_decile as integer) as score_decile,
    cast(decile.customers as integer) as customers,
    cast(decile.churned as integer) as churned,
    decile.lowest_score,
    decile.highest_score,
    decile.mean_score,
    case when decile.is_enough then decile.churned / cast(decile.customers as double) end
        as churn_share,
    case when decile.is_enough then spread.lower_bound end as lower_bound,
    case when decile.is_enough then spread.upper_bound end as upper_bound,
    case when decile.is_enough then decile.churned_mrr_share end as churned_mrr_share,
    case when decile.is_enough then 'measured' else 'not enough outcomes yet' end as status
from decile
inner join spread
    on
        decile.horizon_days = spread.horizon_days
        and decile.score_decile = spread.score_decile
