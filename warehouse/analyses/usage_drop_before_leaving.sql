-- Question: does usage drop before customers leave?
-- Reading: one row per months before the loss of all recurring revenue (0 is the month itself).
-- If mean_usage_change falls as the loss comes near, usage is an early sign; compare it with
-- the row of customers who stayed (months_before null). Few leavers make a noisy line.
with losses as (
    select
        movement.customer_id,
        max(movement.month) as lost_month
    from {{ ref('gold_revenue_movement') }} as movement
    where movement.churned_usd > 0 and movement.closing_usd = 0
    group by movement.customer_id
),

history as (
    select
        metrics.customer_id,
        metrics.usage_change_90d,
        {{ months_between('metrics.as_of', 'losses.lost_month') }} as months_before,
        losses.customer_id is not null as has_left
    from {{ ref('gold_customer_360_metrics') }} as metrics
    inner join {{ ref('gold_customer') }} as customer on metrics.customer_id = customer.customer_id
    left join losses on metrics.customer_id = losses.customer_id
    where customer.is_top_level
)

select
    months_before,
    count(distinct customer_id) as customers,
    avg(usage_change_90d) as mean_usage_change
from history
where usage_change_90d is not null and (not has_left or months_before between 0 and 12)
group by months_before
order by months_before
