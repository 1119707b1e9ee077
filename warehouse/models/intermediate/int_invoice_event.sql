{{ config(materialized='view') }}

with invoice_step as (

    select
        'invoice_issued' as event_subtype,
        ' issued' as title_end
    union all
    select
        'invoice_overdue' as event_subtype,
        ' overdue' as title_end
    union all
    select
        'invoice_paid' as event_subtype,
        ' paid' as title_end

)

select
    invoice.invoice_id as source_id,
    invoice.account_id,
    'BILLING' as event_type,
    step.event_subtype,
    cast(
        case step.event_subtype
            when 'invoice_issued' then invoice.invoice_date
            when 'invoice_paid' then invoice.paid_date
            else {{ add_days('invoice.due_date', 1) }}
        end as timestamp
    ) as occurred_at,
    coalesce('Invoice ' || invoice.invoice_number, 'Invoice') || step.title_end as title,
    'Due on ' || cast(invoice.due_date as string) as description,
    invoice.amount_usd,
    invoice.status,
    'Invoice__c' as source_object,
    cast(null as string) as action_reference
from {{ ref('silver_invoice') }} as invoice
cross join invoice_step as step
where
    step.event_subtype <> 'invoice_overdue'
    or invoice.paid_date is null
    or invoice.paid_date > invoice.due_date
