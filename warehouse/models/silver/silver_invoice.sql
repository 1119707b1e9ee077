with invoice as (

    select * from {{ newest_version(ref('base_invoice'), 'invoice_id') }} as invoice

),

typed as (

    select
        invoice.*,
        {{ to_decimal('invoice.amount') }} as decimal_amount,
        {{ to_date('invoice.invoice_date') }} as invoice_day,
        {{ currency_code('invoice.currency_code') }} as own_currency_code,
        account.currency_code as account_currency_code
    from invoice
    left join {{ ref('silver_account') }} as account
        on {{ salesforce_id('invoice.account_id') }} = account.account_id

)

select
    {{ salesforce_id('invoice.invoice_id') }} as invoice_id,
    {{ clean_text('invoice.invoice_number') }} as invoice_number,
    {{ salesforce_id('invoice.account_id') }} as account_id,
    invoice.invoice_day as invoice_date,
    {{ to_date('invoice.due_date') }} as due_date,
    {{ to_date('invoice.paid_date') }} as paid_date,
    invoice.decimal_amount as amount,
    coalesce(invoice.own_currency_code, invoice.account_currency_code) as currency_code,
    invoice.own_currency_code is null as is_currency_inferred,
    rate.exchange_rate,
    rate.exchange_rate_date,
    {{ to_usd('invoice.decimal_amount') }} as amount_usd,
    {{ picklist_value('invoice_status', 'invoice.status') }} as status,
    {{ record_columns('invoice') }}
from typed as invoice
{{ exchange_rate_join(
    'coalesce(invoice.own_currency_code, invoice.account_currency_code)', 'invoice.invoice_day'
) }}
{{ picklist_join('invoice_status', 'invoice.status') }}
