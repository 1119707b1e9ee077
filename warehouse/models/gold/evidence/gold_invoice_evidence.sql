{{ config(materialized='view') }}

{%- set known_invoice %}
    from {{ within_file('core_scored_date') }} as scored_date
    inner join {{ within_file('silver_invoice') }} as invoice
        on scored_date.as_of >= cast(invoice.created_at as date) and invoice.is_counted
{%- endset -%}
{%- set invoice_columns %}
        invoice.account_id,
        'Invoice__c' as source_object,
        invoice.invoice_id as source_id,
        invoice.invoice_number as source_name
{%- endset -%}

-- What is open: both measures of what is overdue rest on the same rows.
{%- for measure, condition in [
    ('max_days_overdue', 'is_overdue'),
    ('overdue_amount_usd', 'is_overdue'),
    ('disputed_amount_usd', 'is_disputed'),
] %}
    select
        invoice.as_of,
        '{{ measure }}' as measure,
        {{ invoice_columns }},
        invoice.due_date as happened_on,
        {% if measure == 'max_days_overdue' -%}
            cast(invoice.days_past_due as double) as value,
        {%- else -%}
            cast(invoice.open_amount_usd as double) as value,
        {%- endif %}
        'due on ' || cast(invoice.due_date as string) || ', '
        || coalesce(
            cast(invoice.open_amount as string) || ' of '
            || cast(invoice.amount as string) || coalesce(' ' || invoice.currency_code, ''),
            'an unknown amount'
        )
        || ' unpaid'
        || case
            when invoice.credited_amount > 0
                then
                    ' after credit notes of '
                    || cast(invoice.credited_amount as string)
            else ''
        end
        || case when invoice.is_disputed then ', disputed' else '' end as detail
    from {{ within_file('core_open_invoice') }} as invoice
    where invoice.{{ condition }}
    union all
{%- endfor %}
-- Invoices due in the window: 1 when paid on time, else 0.
{%- for measure in ['on_time_payment_rate_12m', 'on_time_rate_change_6m'] %}
    select
        scored_date.as_of,
        '{{ measure }}' as measure,
        {{ invoice_columns }},
        invoice.due_date as happened_on,
        case when invoice.paid_date <= invoice.due_date then 1.0 else 0.0 end as value,
        'due on ' || cast(invoice.due_date as string)
        || case
            when invoice.paid_date <= scored_date.as_of
                then ', paid on ' || cast(invoice.paid_date as string)
            when invoice.written_off_date <= scored_date.as_of
                then ', written off on ' || cast(invoice.written_off_date as string)
            else ', unpaid'
        end as detail
    {{ known_invoice }}
    where
        invoice.document_type = 'Invoice'
        and invoice.due_date <= scored_date.as_of
        and invoice.due_date > {{ add_months('scored_date.as_of', -12) }}
    union all
{%- endfor %}
select
    scored_date.as_of,
    'annual_revenue_usd' as measure,
    {{ invoice_columns }},
    invoice.invoice_date as happened_on,
    cast(invoice.amount_usd as double) as value,
    case when invoice.document_type = 'Credit Note' then 'credited on ' else 'invoiced on ' end
    || cast(invoice.invoice_date as string) as detail
{{ known_invoice }}
where
    invoice.invoice_date <= scored_date.as_of
    and invoice.invoice_date > {{ add_months('scored_date.as_of', -12) }}
