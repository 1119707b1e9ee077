-- Question: how well do segments, and the years in which customers came, keep their revenue?
-- Reading: retention over twelve months of the customers that had revenue a year ago. Net above 1
-- means that expansion outweighs losses; gross (never above 1) leaves expansion out.
with customers as (
    select
        customer.segment,
        extract(year from metrics.customer_since) as cohort,
        metrics.mrr_a_year_ago_usd as opening_usd,
        metrics.mrr_usd as closing_usd
    from {{ ref('gold_customer_360_current') }} as metrics
    inner join {{ ref('gold_customer') }} as customer on metrics.customer_id = customer.customer_id
    where customer.is_top_level and metrics.mrr_a_year_ago_usd > 0
)

select
    coalesce(segment, 'Unknown') as segment,
    cohort,
    count(*) as customers,
    sum(opening_usd) as opening_usd,
    sum(closing_usd) / sum(opening_usd) as net_revenue_retention,
    sum(least(closing_usd, opening_usd)) / sum(opening_usd) as gross_revenue_retention
from customers
group by 1, 2
order by 1, 2
