{#- All figures come from one descending pass over the scores: what lies above each score, and the
ties on it, which share their place (half above, half below). -#}

with bin as (

    select
        *,
        customers - churned as stayed,
        sum(customers) over descending_score as customers_to,
        sum(churned) over descending_score as churned_to,
        sum(customers) over everything as all_customers,
        sum(churned) over everything as all_churned,
        sum(churned_mrr_usd) over everything as all_churned_mrr_usd
    from {{ ref('int_backtest_replicate') }}
    window
        descending_score as (
            partition by horizon_days, period, replicate order by score desc
            rows between unbounded preceding and current row
        ),
        everything as (partition by horizon_days, period, replicate)

),

share as (

    select
        *,
        -- Of the customers at this score, those within the top tenth of all.
        least(
            greatest(all_customers / 10e0 - (customers_to - customers), 0) / nullif(customers, 0), 1
        ) as top_share
    from bin

)

select
    horizon_days,
    period,
    replicate,
    max(all_customers) as customers,
    max(all_churned) as churned,
    max(all_churned) / max(all_customers) as base_rate,
    -- Chance that a customer who left had the higher score than one who stayed.
    sum(stayed * (churned_to - churned + churned / 2e0))
    / nullif(max(all_churned) * (max(all_customers) - max(all_churned)), 0) as auc,
    sum(churned * churned_to / nullif(customers_to, 0)) / nullif(max(all_churned), 0)
        as average_precision,
    10 * sum(churned * top_share) / nullif(max(all_churned), 0) as lift_top_decile,
    sum(churned_mrr_usd * top_share) / nullif(max(all_churned_mrr_usd), 0)
        as churned_mrr_in_top_decile,
    sum(case when score >= 70 then churned end)
    / nullif(sum(case when score >= 70 then customers end), 0)
        as churn_share_high,
    sum(case when score >= 40 and score < 70 then churned end)
    / nullif(sum(case when score >= 40 and score < 70 then customers end), 0) as churn_share_medium,
    sum(case when score < 40 then churned end)
    / nullif(sum(case when score < 40 then customers end), 0)
        as churn_share_low
from share
group by horizon_days, period, replicate
