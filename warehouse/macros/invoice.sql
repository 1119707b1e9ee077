{% macro open_invoices(invoices, dates) -%}
    {#- Query of what is still to be paid on each day: one row per day of `dates` (a relation with
    as_of) and invoice of `invoices` (silver.invoice, or a relation with its columns) that is open
    on it beyond the var `overdue_tolerance`.

    Nothing is owed from the day on which it was paid or written off. Until the record's last change
    its amount was open; from then on its balance, where there is one. Credit notes that name it take
    off from their own dates; a balance that knows of them already is not lowered again. -#}
    {%- set tolerance = var('overdue_tolerance') -%}
    select
        as_of,
        invoice_id,
        account_id,
        invoice_number,
        due_date,
        status,
        amount,
        currency_code,
        credited_amount,
        open_amount,
        {{ to_usd('open_amount', 'exchange_rate') }} as open_amount_usd,
        is_disputed,
        not is_disputed and coalesce(due_date < as_of, false) as is_overdue,
        cast({{ days_between('due_date', 'as_of') }} as integer) as days_past_due
    from (
        select
            scored_date.as_of,
            invoice.*,
            cast(coalesce(credit.amount, 0) as decimal(18, 2)) as credited_amount,
            -- Without an amount nothing is known of what is open.
            case
                when invoice.amount is not null
                    then
                        cast(
                            greatest(
                                case
                                    when invoice.state_known_from <= scored_date.as_of
                                        then least(
                                            coalesce(invoice.balance, invoice.amount),
                                            invoice.amount - coalesce(credit.amount, 0)
                                        )
                                    else invoice.amount - coalesce(credit.amount, 0)
                                end,
                                0
                            ) as decimal(18, 2)
                        )
            end as open_amount,
            coalesce(
                invoice.status = 'Disputed' and invoice.state_known_from <= scored_date.as_of, false
            ) as is_disputed
        from {{ invoices }} as invoice
        inner join {{ dates }} as scored_date
            on
                cast(invoice.created_at as date) <= scored_date.as_of
                and (invoice.settled_date is null or invoice.settled_date > scored_date.as_of)
        left join (
            select
                credit.credited_invoice_id,
                scored_date.as_of,
                cast(-sum(credit.amount) as decimal(18, 2)) as amount
            from {{ invoices }} as credit
            inner join {{ dates }} as scored_date
                on
                    cast(credit.created_at as date) <= scored_date.as_of
                    and credit.invoice_date <= scored_date.as_of
            where
                credit.is_counted
                and credit.document_type = 'Credit Note'
                and credit.credited_invoice_id is not null
            group by credit.credited_invoice_id, scored_date.as_of
        ) as credit
            on
                invoice.invoice_id = credit.credited_invoice_id
                and scored_date.as_of = credit.as_of
        where invoice.is_counted and invoice.document_type = 'Invoice'
    ) as open_invoice
    -- What has no amount, or no rate, is owed all the same.
    where
        coalesce(open_amount > {{ tolerance.share }} * amount, true)
        and coalesce({{ to_usd('open_amount', 'exchange_rate') }} > {{ tolerance.usd }}, true)
{%- endmacro %}
