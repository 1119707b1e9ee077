{{ config(materialized='view') }}

with invoice_step as (

    select
        column1 as event_subtype,
        column2 as title_end
    from (
        {%- for subtype, title in {
            'invoice_issued': 'issued',
            'invoice_overdue': 'overdue',
            'invoice_partly_paid': 'partly paid',
            'invoice_paid': 'paid',
            'invoice_disputed': 'disputed',
            'invoice_written_off': 'written off',
            'invoice_voided': 'voided',
            'credit_note_issued': 'issued',
        }.items() %}
            {{ 'union all ' if not loop.first }}select
                '{{ subtype }}' as column1,
                ' {{ title }}' as column2
        {%- endfor %}
    ) as step

),

-- A draft is nobody's business yet.
invoice as (

    select *
    from {{ ref('silver_invoice') }}
    where status is null or status <> 'Draft'

)

select
    invoice.invoice_id as source_id,
    invoice.account_id,
    'BILLING' as event_type,
    step.event_subtype,
    cast(
        case step.event_subtype
            when 'invoice_issued' then invoice.invoice_date
            when 'credit_note_issued' then invoice.invoice_date
            when 'invoice_paid' then invoice.paid_date
            when 'invoice_written_off' then invoice.written_off_date
            when 'invoice_overdue' then {{ add_days('invoice.due_date', 1) }}
            else invoice.state_known_from
        end as timestamp
    ) as occurred_at,
    coalesce(
        invoice.document_type || ' ' || invoice.invoice_number, invoice.document_type
    ) || step.title_end as title,
    case
        when step.event_subtype = 'invoice_partly_paid'
            then
                cast(invoice.balance as string) || ' of ' || cast(invoice.amount as string)
                || coalesce(' ' || invoice.currency_code, '') || ' left'
        when step.event_subtype = 'credit_note_issued'
            then 'For invoice ' || credited.invoice_number
        else 'Due on ' || cast(invoice.due_date as string)
    end as description,
    invoice.amount_usd,
    invoice.status,
    'Invoice__c' as source_object,
    cast(null as string) as action_reference
from invoice
cross join invoice_step as step
left join {{ ref('silver_invoice') }} as credited
    on invoice.credited_invoice_id = credited.invoice_id
where
    case step.event_subtype
        when 'credit_note_issued'
            then invoice.document_type = 'Credit Note' and invoice.is_counted
        when 'invoice_voided' then not invoice.is_counted
        when 'invoice_issued' then invoice.document_type = 'Invoice'
        else
            invoice.document_type = 'Invoice'
            and invoice.is_counted
            and case step.event_subtype
                when 'invoice_paid' then true
                when 'invoice_overdue'
                    then
                        coalesce(invoice.status <> 'Disputed', true)
                        and (
                            invoice.settled_date is null
                            or invoice.settled_date > invoice.due_date
                        )
                when 'invoice_partly_paid'
                    then
                        invoice.settled_date is null
                        and invoice.balance > 0
                        and invoice.balance < invoice.amount
                        and invoice.status = 'Partially Paid'
                when 'invoice_disputed' then invoice.status = 'Disputed'
                else invoice.status = 'Written Off'
            end
    end
