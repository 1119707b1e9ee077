select
    invoice.invoice_number,
    invoice.invoice_date,
    invoice.due_date,
    invoice.paid_date,
    case
        when invoice.paid_date <= $as_of then greatest(invoice.paid_date - invoice.due_date, 0)
        else greatest($as_of - invoice.due_date, 0)
    end as days_late,
    invoice.amount,
    invoice.currency_code,
    invoice.amount_usd,
    account.account_name
from silver.invoice as invoice
inner join gold.customer_account as bridge on invoice.account_id = bridge.account_id
inner join silver.account as account on invoice.account_id = account.account_id
where
    bridge.customer_id = $customer_id
    and cast(invoice.created_at as date) <= $as_of
    and case
        when $measure in ('max_days_overdue', 'overdue_amount_usd')
            then
                invoice.due_date < $as_of
                and (invoice.paid_date is null or invoice.paid_date > $as_of)
        when $measure in ('on_time_payment_rate_12m', 'on_time_rate_change_6m')
            then
                invoice.due_date <= $as_of
                and invoice.due_date > $as_of - interval 12 month
        when $measure = 'annual_revenue_usd'
            then
                invoice.invoice_date <= $as_of
                and invoice.invoice_date > $as_of - interval 12 month
        when $measure = 'previous_annual_revenue_usd'
            then
                invoice.invoice_date <= $as_of - interval 12 month
                and invoice.invoice_date > $as_of - interval 24 month
        when $measure = 'yoy_growth'
            then
                invoice.invoice_date <= $as_of
                and invoice.invoice_date > $as_of - interval 24 month
        else invoice.invoice_date <= $as_of
    end
order by invoice.due_date desc, invoice.invoice_id
limit $row_limit
