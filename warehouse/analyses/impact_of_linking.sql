-- Question: what does linking accounts into masters change?
-- Reading: records counts what Salesforce shows, customers what is left when linked accounts count
-- once. Revenue of linked accounts is what no one sees as a whole without the master.
select
    case when customer.master_account_id is null then 'unlinked' else 'linked' end as account_kind,
    count(*) as records,
    count(distinct coalesce(customer.master_account_id, customer.customer_id)) as customers,
    sum(metrics.annual_revenue_usd) as annual_revenue_usd,
    sum(metrics.arr_usd) as arr_usd
from {{ ref('gold_customer') }} as customer
inner join {{ ref('gold_customer_360_current') }} as metrics
    on customer.customer_id = metrics.customer_id
where customer.customer_kind = 'account'
group by 1
order by 1
