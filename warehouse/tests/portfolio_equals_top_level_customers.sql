-- The total of a day equals the sum over top-level customers, and over its regions and segments; of
-- a day that is kept over those that were top-level when it was published.
with total as (

    select
        as_of,
        customers,
        mrr_usd,
        annual_revenue_usd
    from {{ ref('gold_portfolio_summary') }}
    where region = 'all' and segment = 'all'

),

top_level as (

    select
        metrics.as_of,
        count(case when {{ is_scored('metrics.lifecycle_stage') }} then 1 end) as customers,
        sum(metrics.mrr_usd) as mrr_usd,
        sum(metrics.annual_revenue_usd) as annual_revenue_usd
    from {{ ref('gold_customer_360_metrics') }} as metrics
    inner join {{ ref('int_date_to_score') }} as date_to_score
        on metrics.as_of = date_to_score.as_of
    inner join {{ ref('gold_customer') }} as customer on metrics.customer_id = customer.customer_id
    where customer.is_top_level
    group by metrics.as_of

),

part as (

    select
        as_of,
        sum(customers) as customers,
        sum(mrr_usd) as mrr_usd,
        sum(annual_revenue_usd) as annual_revenue_usd
    from {{ ref('gold_portfolio_summary') }}
    where region <> 'all' and segment <> 'all'
    group by as_of

)

select
    top_level.*,
    total.mrr_usd as total_mrr_usd,
    part.mrr_usd as parts_mrr_usd
from top_level
left join total on top_level.as_of = total.as_of
left join part on top_level.as_of = part.as_of
where
    (top_level.customers, top_level.mrr_usd, top_level.annual_revenue_usd)
    is distinct from (total.customers, total.mrr_usd, total.annual_revenue_usd)
    or (top_level.customers, top_level.mrr_usd, top_level.annual_revenue_usd)
    is distinct from (part.customers, part.mrr_usd, part.annual_revenue_usd)
