-- Question: which segments pay late, and how much is outstanding?
-- Reading: rates are means over customers with invoices due in the year, each customer once;
-- overdue_share sets the overdue amount against what was invoiced in the year.
select
    coalesce(customer.segment, 'Unknown') as segment,
    count(metrics.on_time_payment_rate_12m) as customers_with_invoices,
    avg(metrics.on_time_payment_rate_12m) as mean_on_time_rate,
    sum(case when metrics.max_days_overdue > 0 then 1 else 0 end) as customers_overdue,
    max(metrics.max_days_overdue) as longest_days_overdue,
    sum(metrics.overdue_amount_usd) as overdue_amount_usd,
    sum(metrics.overdue_amount_usd) / nullif(sum(metrics.annual_revenue_usd), 0) as overdue_share
from {{ ref('gold_customer_360_current') }} as metrics
inner join {{ ref('gold_customer') }} as customer on metrics.customer_id = customer.customer_id
where customer.is_top_level
group by 1
order by 6 desc
