with invoice as (

    select
        invoice.*,
        {{ surviving_account_id('invoice.account_id') }} as surviving_account_id
    from {{ newest_version(ref('base_invoice'), 'invoice_id') }} as invoice

),

typed as (

    select
        invoice.*,
        {{ to_decimal('invoice.amount') }} as decimal_amount,
        cast(
            coalesce(
                {{ to_decimal('invoice.balance') }},
                {{ to_decimal('invoice.amount') }} - {{ to_decimal('invoice.amount_paid') }}
            ) as decimal(18, 2)
        ) as decimal_balance,
        {{ to_date('invoice.invoice_date') }} as invoice_day,
        {{ to_date('invoice.paid_date') }} as paid_day,
        {{ to_date('invoice.written_off_date') }} as written_off_day,
        cast(coalesce(
            {{ to_timestamp('invoice.last_modified_at') }}, {{ to_timestamp('invoice.created_at') }}
        ) as date) as changed_on,
        {{ currency_code('invoice.currency_code') }} as own_currency_code,
        account.currency_code as account_currency_code,
        {{ picklist_value('invoice_status', 'invoice.status') }} as standard_status,
        {{ picklist_value('invoice_document_type', 'invoice.document_type') }}
            as standard_document_type
    from invoice
    left join {{ ref('silver_account') }} as account
        on invoice.surviving_account_id = account.account_id
    {{ picklist_join('invoice_status', 'invoice.status') }}
    {{ picklist_join('invoice_document_type', 'invoice.document_type') }}

),

-- A negative amount is a credit note whatever it is called, and what is called one takes off.
named as (

    select
        *,
        case
            when standard_document_type = 'Credit Note' or decimal_amount < 0 then 'Credit Note'
            else 'Invoice'
        end as kind_of_document,
        cast(
            case
                when standard_document_type = 'Credit Note' then -abs(decimal_amount)
                else decimal_amount
            end as decimal(18, 2)
        ) as signed_amount
    from typed

)

select
    {{ salesforce_id('invoice.invoice_id') }} as invoice_id,
    {{ clean_text('invoice.invoice_number') }} as invoice_number,
    invoice.surviving_account_id as account_id,
    invoice.kind_of_document as document_type,
    {{ salesforce_id('invoice.credited_invoice_id') }} as credited_invoice_id,
    invoice.invoice_day as invoice_date,
    {{ to_date('invoice.due_date') }} as due_date,
    invoice.paid_day as paid_date,
    case
        when invoice.standard_status = 'Written Off'
            then coalesce(invoice.written_off_day, invoice.changed_on)
    end as written_off_date,
    invoice.signed_amount as amount,
    invoice.decimal_balance as balance,
    coalesce(invoice.own_currency_code, invoice.account_currency_code) as currency_code,
    invoice.own_currency_code is null as is_currency_inferred,
    rate.exchange_rate,
    rate.exchange_rate_date,
    {{ to_usd('invoice.signed_amount') }} as amount_usd,
    invoice.standard_status as status,
    coalesce(invoice.standard_status not in ('Draft', 'Void'), true) as is_counted,
    -- Paid without a day: on the day of the last change at the latest. The day of a part of it is
    -- not the day of all.
    least(
        case
            when invoice.standard_status = 'Partially Paid' then null
            when invoice.standard_status = 'Paid'
                then coalesce(invoice.paid_day, invoice.changed_on)
            else invoice.paid_day
        end,
        case
            when invoice.standard_status = 'Written Off'
                then coalesce(invoice.written_off_day, invoice.changed_on)
        end
    ) as settled_date,
    invoice.changed_on as state_known_from,
    {{ record_columns('invoice') }}
from named as invoice
{{ exchange_rate_join(
    'coalesce(invoice.own_currency_code, invoice.account_currency_code)', 'invoice.invoice_day'
) }}
