{#- A view, because records x measures x dates would be many times the warehouse, and a filter on
customer_id, as_of and measure reaches the records. It names no database, so it works wherever the
published file is opened, and under whatever name. -#}
{{ config(materialized='view') }}

{%- set known_invoice %}
    from {{ within_file('gold_scored_date') }} as scored_date
    inner join {{ within_file('silver_invoice') }} as invoice
        on scored_date.as_of >= cast(invoice.created_at as date)
{%- endset -%}
{%- set known_case %}
    from {{ within_file('gold_scored_date') }} as scored_date
    inner join {{ within_file('silver_case') }} as cases
        on scored_date.as_of >= cast(cases.created_at as date)
{%- endset -%}
{%- set invoice_columns %}
        invoice.account_id,
        'Invoice__c' as source_object,
        invoice.invoice_id as source_id,
        invoice.invoice_number as source_name
{%- endset -%}
{%- set case_columns %}
        cases.account_id,
        'Case' as source_object,
        cases.case_id as source_id,
        cases.case_number as source_name
{%- endset -%}
{%- set case_closed_on -%}
    cast(coalesce(cases.closed_at, case when cases.is_closed then cases.last_modified_at end) as date)
{%- endset -%}

with evidence as (

    -- Overdue invoices: both measures of what is overdue rest on the same rows.
    {%- for measure in ['max_days_overdue', 'overdue_amount_usd'] %}
        select
            scored_date.as_of,
            '{{ measure }}' as measure,
            {{ invoice_columns }},
            invoice.due_date as happened_on,
            {% if measure == 'max_days_overdue' -%}
                cast({{ days_between('invoice.due_date', 'scored_date.as_of') }} as double)
                    as value,
            {%- else -%}
                cast(invoice.amount_usd as double) as value,
            {%- endif %}
            'due on ' || cast(invoice.due_date as string) || ', unpaid' as detail
        {{ known_invoice }}
        where
            invoice.due_date < scored_date.as_of
            and (invoice.paid_date is null or invoice.paid_date > scored_date.as_of)
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
                else ', unpaid'
            end as detail
        {{ known_invoice }}
        where
            invoice.due_date <= scored_date.as_of
            and invoice.due_date > {{ add_months('scored_date.as_of', -12) }}
        union all
    {%- endfor %}
    -- Cases opened: the change compares the last 90 days (1) with the 90 before (-1).
    {%- for measure in [
        'cases_per_service_90d', 'cases_change_90d', 'high_severity_share_90d', 'sla_breaches_90d',
    ] %}
        select
            scored_date.as_of,
            '{{ measure }}' as measure,
            {{ case_columns }},
            cast(cases.created_at as date) as happened_on,
            {% if measure == 'high_severity_share_90d' -%}
                case when cases.priority in ('High', 'Critical') then 1.0 else 0.0 end as value,
            {%- elif measure == 'cases_change_90d' -%}
                case
                    when
                        cast(cases.created_at as date) > {{ add_days('scored_date.as_of', -90) }}
                        then 1.0
                    else -1.0
                end as value,
            {%- else -%}
                1.0 as value,
            {%- endif %}
            coalesce(cases.priority, 'No') || ' priority: ' || coalesce(cases.subject, 'no subject')
                as detail
        {{ known_case }}
        where
            cast(cases.created_at as date)
            > {{ add_days('scored_date.as_of', -180 if measure == 'cases_change_90d' else -90) }}
            {%- if measure == 'sla_breaches_90d' %}
                and cases.is_sla_breached
            {%- endif %}
        union all
    {%- endfor %}
    {%- for measure in ['open_cases', 'escalated_open_cases'] %}
        select
            scored_date.as_of,
            '{{ measure }}' as measure,
            {{ case_columns }},
            cast(cases.created_at as date) as happened_on,
            1.0 as value,
            coalesce(cases.priority, 'No') || ' priority: ' || coalesce(cases.subject, 'no subject')
                as detail
        {{ known_case }}
        where
            coalesce({{ case_closed_on }} > scored_date.as_of, true)
            {%- if measure == 'escalated_open_cases' %}
                and cases.is_escalated
            {%- endif %}
        union all
    {%- endfor %}
    select
        scored_date.as_of,
        'mean_resolution_hours_180d' as measure,
        {{ case_columns }},
        cast(cases.closed_at as date) as happened_on,
        {{ hours_between('cases.created_at', 'cases.closed_at') }} as value,
        'closed on ' || cast(cast(cases.closed_at as date) as string) as detail
    {{ known_case }}
    where
        cast(cases.closed_at as date) <= scored_date.as_of
        and cast(cases.closed_at as date) > {{ add_days('scored_date.as_of', -180) }}
    union all
    -- Usage of the months that can matter: the six compared, or the thirteen of the z-score.
    {%- for measure, months in {'usage_change_90d': 6, 'usage_zscore': 13}.items() %}
        select
            scored_date.as_of,
            '{{ measure }}' as measure,
            usage_row.account_id,
            'Usage__c' as source_object,
            usage_row.usage_id as source_id,
            coalesce(asset.asset_name, usage_row.asset_id) as source_name,
            usage_row.usage_month as happened_on,
            cast(usage_row.quantity as double) as value,
            coalesce(usage_row.unit, 'units') || ' in the month' as detail
        from {{ within_file('gold_scored_date') }} as scored_date
        inner join {{ within_file('silver_usage') }} as usage_row
            on
                scored_date.as_of >= cast(usage_row.created_at as date)
                and scored_date.newest_usage_month >= usage_row.usage_month
                and usage_row.usage_month
                > {{ add_months('scored_date.newest_usage_month', -months) }}
        left join {{ within_file('silver_asset') }} as asset on usage_row.asset_id = asset.asset_id
        union all
    {%- endfor %}
    -- Contacts: the newest is the measure; the year before it is context.
    {%- for measure in ['days_since_last_contact', 'meetings_180d', 'qbrs_180d'] %}
        select
            scored_date.as_of,
            '{{ measure }}' as measure,
            interaction.account_id,
            interaction.source_object,
            interaction.interaction_id as source_id,
            coalesce(interaction.subject, interaction.interaction_type) as source_name,
            cast(interaction.occurred_at as date) as happened_on,
            {% if measure == 'days_since_last_contact' -%}
        1.0 * {{ days_between('cast(interaction.occurred_at as date)', 'scored_date.as_of') }}
            as value,
            {%- else -%}
                1.0 as value,
            {%- endif %}
            interaction.interaction_type as detail
        from {{ within_file('gold_scored_date') }} as scored_date
        inner join {{ within_file('silver_interaction') }} as interaction
            on
                scored_date.as_of >= cast(interaction.created_at as date)
                and scored_date.as_of >= cast(interaction.occurred_at as date)
        where
            interaction.is_completed
            {%- if measure != 'days_since_last_contact' %}
                and interaction.source_object = 'Event'
                and cast(interaction.occurred_at as date)
                > {{ add_days('scored_date.as_of', -180) }}
            {%- endif %}
            {%- if measure == 'qbrs_180d' %}
                and interaction.interaction_type = 'QBR'
            {%- endif %}
        union all
    {%- endfor %}
    {%- for measure in ['renewal_rate_24m', 'win_rate'] %}
        select
            scored_date.as_of,
            '{{ measure }}' as measure,
            opportunity.account_id,
            'Opportunity' as source_object,
            opportunity.opportunity_id as source_id,
            opportunity.opportunity_name as source_name,
            opportunity.close_date as happened_on,
            case when opportunity.is_won then 1.0 else 0.0 end as value,
            opportunity.stage_name as detail
        from {{ within_file('gold_scored_date') }} as scored_date
        inner join {{ within_file('silver_opportunity') }} as opportunity
            on
                scored_date.as_of >= cast(opportunity.created_at as date)
                and scored_date.as_of >= opportunity.close_date
                and opportunity.close_date > {{ add_months('scored_date.as_of', -24) }}
        where
            opportunity.is_closed
            {%- if measure == 'renewal_rate_24m' %}
                and opportunity.opportunity_type = 'Renewal'
            {%- endif %}
        union all
    {%- endfor %}
    select
        scored_date.as_of,
        'annual_revenue_usd' as measure,
        {{ invoice_columns }},
        invoice.invoice_date as happened_on,
        cast(invoice.amount_usd as double) as value,
        'invoiced on ' || cast(invoice.invoice_date as string) as detail
    {{ known_invoice }}
    where
        invoice.invoice_date <= scored_date.as_of
        and invoice.invoice_date > {{ add_months('scored_date.as_of', -12) }}
    union all
    {%- for measure in ['mrr_usd', 'active_services'] %}
        select
            scored_date.as_of,
            '{{ measure }}' as measure,
            asset.account_id,
            'Asset' as source_object,
            asset.asset_id as source_id,
            asset.asset_name as source_name,
            asset.install_date as happened_on,
            {% if measure == 'mrr_usd' -%}
                cast({{ to_usd('asset.monthly_charge') }} as double)
                    as value,
            {%- else -%}
                1.0 as value,
            {%- endif %}
            cast(asset.monthly_charge as string)
            || ' '
            || asset.currency_code
            || ' a month' as detail
        from {{ within_file('gold_scored_date') }} as scored_date
        inner join {{ within_file('silver_asset') }} as asset
            on
                scored_date.as_of >= cast(asset.created_at as date)
                and scored_date.as_of
                >= coalesce(asset.install_date, cast(asset.created_at as date))
        left join {{ within_file('silver_exchange_rate_day') }} as rate
            on
                scored_date.as_of = rate.rate_day
                and asset.currency_code = rate.currency_code
        where asset.usage_end_date is null or asset.usage_end_date >= scored_date.as_of
                {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    bridge.customer_id,
    evidence.as_of,
    evidence.measure,
    evidence.account_id,
    evidence.source_object,
    evidence.source_id,
    evidence.source_name,
    evidence.happened_on,
    cast(evidence.value as double) as value,
    evidence.detail
from evidence
inner join {{ within_file('gold_customer_account') }} as bridge
    on evidence.account_id = bridge.account_id
