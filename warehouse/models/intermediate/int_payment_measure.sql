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
        invoice.amount_usd,
        cast(invoice.created_at as date) as created_on,
        greatest(cast(invoice.created_at as date), invoice.invoice_date) as invoiced_on
    from {{ ref('silver_invoice') }} as invoice
    inner join {{ ref('core_customer_account') }} as bridge
        on invoice.account_id = bridge.account_id

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

-- An invoice paid after as_of was unpaid on as_of; due on as_of it is not yet overdue.
overdue as (

    select
        invoice.customer_id,
        scored_date.as_of,
        max({{ days_between('invoice.due_date', 'scored_date.as_of') }}) as max_days_overdue,
        sum(invoice.amount_usd) as overdue_amount_usd
    from invoice
    inner join {{ ref('int_date_to_score') }} as scored_date
        on
            invoice.due_date < scored_date.as_of
            and invoice.created_on <= scored_date.as_of
            and (invoice.paid_date is null or invoice.paid_date > scored_date.as_of)
    where invoice.paid_date is null or invoice.paid_date > invoice.due_date
    group by invoice.customer_id, scored_date.as_of

),

counted as (

    select
        scored_customer.customer_id,
        scored_customer.as_of,
        coalesce(first_invoice.first_invoiced_on <= scored_customer.as_of, false) as is_invoiced,
        overdue.customer_id is not null as is_overdue,
        overdue.max_days_overdue,
        overdue.overdue_amount_usd,
        due.invoices,
        due.on_time,
        due.invoices_6m,
        due.on_time_6m,
        due.invoices - due.invoices_6m as invoices_previous_6m,
        due.on_time - due.on_time_6m as on_time_previous_6m
    from scored_customer
    left join first_invoice on scored_customer.customer_id = first_invoice.customer_id
    left join overdue
        on
            scored_customer.customer_id = overdue.customer_id
            and scored_customer.as_of = overdue.as_of
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
    on_time / cast(nullif(invoices, 0) as double) as on_time_payment_rate_12m,
    case
        when invoices_6m >= 3 and invoices_previous_6m >= 3
            then
                on_time_6m / cast(invoices_6m as double)
                - on_time_previous_6m / cast(invoices_previous_6m as double)
    end as on_time_rate_change_6m
from counted
