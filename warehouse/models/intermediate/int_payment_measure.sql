with scored_customer as (

    select
        customer_id,
        as_of
    from {{ ref('int_scored_customer') }}

),

invoice as (

    select
        bridge.customer_id,
        invoice.due_date,
        invoice.paid_date,
        cast(invoice.created_at as date) as created_on,
        greatest(cast(invoice.created_at as date), invoice.invoice_date) as invoiced_on
    from {{ ref('silver_invoice') }} as invoice
    inner join {{ ref('core_customer_account') }} as bridge
        on invoice.account_id = bridge.account_id
    where invoice.is_counted and invoice.document_type = 'Invoice'

),

first_invoice as (

    select
        customer_id,
        min(invoiced_on) as first_invoiced_on
    from invoice
    group by customer_id

),

due as (

    select
        invoice.customer_id,
        scored_day.as_of,
        count(*) as invoices,
        count(case when invoice.paid_date <= invoice.due_date then 1 end) as on_time,
        count(case when scored_day.in_6_months then 1 end) as invoices_6m,
        count(
            case when scored_day.in_6_months and invoice.paid_date <= invoice.due_date then 1 end
        ) as on_time_6m
    from invoice
    inner join {{ ref('int_scored_day') }} as scored_day
        on
            invoice.due_date = scored_day.day
            and invoice.created_on <= scored_day.as_of
            and scored_day.in_12_months
    group by invoice.customer_id, scored_day.as_of

),

open_invoice as (

    {{ open_invoices(ref('silver_invoice'), ref('int_date_to_score')) }}

),

-- An invoice paid after as_of was unpaid on as_of; due on as_of it is not yet overdue.
owed as (

    select
        bridge.customer_id,
        open_invoice.as_of,
        max(case when open_invoice.is_overdue then open_invoice.days_past_due end)
            as max_days_overdue,
        sum(case when open_invoice.is_overdue then open_invoice.open_amount_usd end)
            as overdue_amount_usd,
        count(case when open_invoice.is_overdue then 1 end) as overdue_invoices,
        sum(case when open_invoice.is_disputed then open_invoice.open_amount_usd end)
            as disputed_amount_usd,
        count(case when open_invoice.is_disputed then 1 end) as disputed_invoices
    from open_invoice
    inner join {{ ref('core_customer_account') }} as bridge
        on open_invoice.account_id = bridge.account_id
    where open_invoice.is_overdue or open_invoice.is_disputed
    group by bridge.customer_id, open_invoice.as_of

),

counted as (

    select
        scored_customer.customer_id,
        scored_customer.as_of,
        coalesce(first_invoice.first_invoiced_on <= scored_customer.as_of, false) as is_invoiced,
        coalesce(owed.overdue_invoices, 0) > 0 as is_overdue,
        owed.max_days_overdue,
        owed.overdue_amount_usd,
        coalesce(owed.disputed_invoices, 0) > 0 as is_disputed,
        owed.disputed_amount_usd,
        due.invoices,
        due.on_time,
        due.invoices_6m,
        due.on_time_6m,
        due.invoices - due.invoices_6m as invoices_previous_6m,
        due.on_time - due.on_time_6m as on_time_previous_6m
    from scored_customer
    left join first_invoice on scored_customer.customer_id = first_invoice.customer_id
    left join owed
        on
            scored_customer.customer_id = owed.customer_id
            and scored_customer.as_of = owed.as_of
    left join due
        on
            scored_customer.customer_id = due.customer_id
            and scored_customer.as_of = due.as_of

)

select
    customer_id,
    as_of,
    cast(case when is_overdue then max_days_overdue when is_invoiced then 0 end as integer)
        as max_days_overdue,
    cast(case when is_overdue then overdue_amount_usd when is_invoiced then 0 end as decimal(18, 2))
        as overdue_amount_usd,
    cast(
        case when is_disputed then disputed_amount_usd when is_invoiced then 0 end
        as decimal(18, 2)
    ) as disputed_amount_usd,
    on_time / cast(nullif(invoices, 0) as double) as on_time_payment_rate_12m,
    case
        when invoices_6m >= 3 and invoices_previous_6m >= 3
            then
                on_time_6m / cast(invoices_6m as double)
                - on_time_previous_6m / cast(invoices_previous_6m as double)
    end as on_time_rate_change_6m
from counted
