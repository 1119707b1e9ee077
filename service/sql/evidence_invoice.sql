select
    invoice.invoice_number,
    invoice.document_type,
    invoice.invoice_date,
    invoice.due_date,
    invoice.paid_date,
    case
        when invoice.document_type = 'Credit Note' then null
        when invoice.settled_date <= $as_of
            then greatest(invoice.settled_date - invoice.due_date, 0)
        else greatest($as_of - invoice.due_date, 0)
    end as days_late,
    invoice.status,
    invoice.amount,
    nullif(open_invoice.credited_amount, 0) as credited_amount,
    open_invoice.open_amount,
    invoice.currency_code,
    invoice.amount_usd,
    open_invoice.open_amount_usd,
    account.account_name
from silver.invoice as invoice
inner join gold.customer_account as bridge on invoice.account_id = bridge.account_id
inner join silver.account as account on invoice.account_id = account.account_id
left join gold.open_invoice as open_invoice
    on invoice.invoice_id = open_invoice.invoice_id and open_invoice.as_of = $as_of
where
    bridge.customer_id = $customer_id
    and invoice.is_counted
    and cast(invoice.created_at as date) <= $as_of
    and case
        when $measure in ('max_days_overdue', 'overdue_amount_usd', 'overdue_share')
            then coalesce(open_invoice.is_overdue, false)
        when $measure = 'disputed_amount_usd' then coalesce(open_invoice.is_disputed, false)
        when $measure in ('on_time_payment_rate_12m', 'on_time_rate_change_6m')
            then
                invoice.document_type = 'Invoice'
                and invoice.due_date <= $as_of
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
