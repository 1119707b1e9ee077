{#- Each branch writes the same columns; whom an event belongs to is settled by the bridge. -#}

with run as (

    select max(as_of) as as_of from {{ ref('gold_scored_date') }}

),

opportunity as (

    select
        opportunity_id as source_id,
        account_id,
        case when opportunity_type = 'Renewal' then 'RENEWAL' else 'SALES' end as event_type,
        case
            when is_won then 'opportunity_won'
            when is_closed then 'opportunity_lost'
            else 'opportunity_created'
        end as event_subtype,
        case when is_closed then cast(close_date as timestamp) else created_at end as occurred_at,
        coalesce(opportunity_name, 'Opportunity') || case
            when is_won then ' won'
            when is_closed then ' lost'
            else ' opened'
        end as title,
        stage_name as description,
        deal_value_usd as amount_usd,
        stage_name as status,
        'Opportunity' as source_object
    from {{ ref('silver_opportunity') }}

),

contract_event as (

    select
        contract_id as source_id,
        account_id,
        'RENEWAL' as event_type,
        'contract_started' as event_subtype,
        cast(start_date as timestamp) as occurred_at,
        coalesce('Contract ' || contract_number, 'Contract') || ' started' as title,
        cast(contract_term_months as string) || ' months' as description,
        cast(null as decimal(18, 2)) as amount_usd,
        status,
        'Contract' as source_object
    from {{ ref('silver_contract') }}
    union all
    select
        contract_id as source_id,
        account_id,
        'RENEWAL' as event_type,
        'contract_ended' as event_subtype,
        cast(end_date as timestamp) as occurred_at,
        coalesce('Contract ' || contract_number, 'Contract') || ' ended' as title,
        cast(contract_term_months as string) || ' months' as description,
        cast(null as decimal(18, 2)) as amount_usd,
        status,
        'Contract' as source_object
    from {{ ref('silver_contract') }}

),

support_case as (

    select
        case_id,
        account_id,
        created_at,
        last_modified_at,
        coalesce(closed_at, case when is_closed then last_modified_at end) as closed_at,
        is_escalated,
        is_sla_breached,
        coalesce('Case ' || case_number, 'Case') as case_name,
        subject,
        coalesce(priority, 'No') || ' priority' as priority_text,
        status
    from {{ ref('silver_case') }}

),

case_step as (

    select
        'case_opened' as event_subtype,
        ' opened' as title_end
    union all
    select
        'case_escalated' as event_subtype,
        ' escalated' as title_end
    union all
    select
        'case_closed' as event_subtype,
        ' closed' as title_end
    union all
    select
        'sla_breached' as event_subtype,
        ' breached its SLA' as title_end

),

-- Salesforce keeps no date of an escalation or a breach: it lies between opening and closing, and
-- is shown at the case's closing, or its last change while it is open.
case_event as (

    select
        support_case.case_id as source_id,
        support_case.account_id,
        'SUPPORT' as event_type,
        step.event_subtype,
        case step.event_subtype
            when 'case_opened' then support_case.created_at
            when 'case_closed' then support_case.closed_at
            else coalesce(support_case.closed_at, support_case.last_modified_at)
        end as occurred_at,
        support_case.case_name || step.title_end as title,
        coalesce(support_case.subject || ' (', '(') || support_case.priority_text || ')'
            as description,
        cast(null as decimal(18, 2)) as amount_usd,
        support_case.status,
        'Case' as source_object
    from support_case
    cross join case_step as step
    where
        step.event_subtype = 'case_opened'
        or (step.event_subtype = 'case_escalated' and support_case.is_escalated)
        or (step.event_subtype = 'case_closed' and support_case.closed_at is not null)
        or (step.event_subtype = 'sla_breached' and support_case.is_sla_breached)

),

invoice_step as (

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

),

invoice_event as (

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
        'Invoice__c' as source_object
    from {{ ref('silver_invoice') }} as invoice
    cross join invoice_step as step
    where
        step.event_subtype <> 'invoice_overdue'
        or invoice.paid_date is null
        or invoice.paid_date > invoice.due_date

),

service_step as (

    select
        'service_activated' as event_subtype,
        ' activated' as title_end
    union all
    select
        'service_ended' as event_subtype,
        ' ended' as title_end

),

service_event as (

    select
        asset.asset_id as source_id,
        asset.account_id,
        'USAGE' as event_type,
        step.event_subtype,
        cast(
            case step.event_subtype
                when 'service_activated' then asset.install_date
                else asset.usage_end_date
            end as timestamp
        ) as occurred_at,
        coalesce(asset.asset_name, 'Service') || step.title_end as title,
        asset.status as description,
        asset.monthly_charge_usd as amount_usd,
        asset.status,
        'Asset' as source_object
    from {{ ref('silver_asset') }} as asset
    cross join service_step as step

),

referenced as (

    select
        *,
        coalesce({{ regex_extract('subject', '\\[(C360-[0-9a-f]{12})\\]') }}, '')
            as action_reference
    from {{ ref('silver_interaction') }}

),

-- A task that carries an action's reference is that action, not one more contact.
interaction_event as (

    select
        interaction_id as source_id,
        account_id,
        case when action_reference <> '' then 'ACTION' else 'ENGAGEMENT' end as event_type,
        case
            when action_reference <> '' then 'recommendation_executed'
            else lower(coalesce(interaction_type, 'task'))
        end as event_subtype,
        case when action_reference <> '' then created_at else occurred_at end as occurred_at,
        coalesce(subject, interaction_type, source_object) as title,
        interaction_type as description,
        cast(null as decimal(18, 2)) as amount_usd,
        case when is_completed then 'Completed' else 'Open' end as status,
        source_object,
        nullif(action_reference, '') as action_reference
    from referenced
    where is_completed or action_reference <> ''

),

record_event as (

    select
        *,
        cast(null as string) as action_reference
    from opportunity
    union all
    select
        *,
        cast(null as string) as action_reference
    from contract_event
    union all
    select
        *,
        cast(null as string) as action_reference
    from case_event
    union all
    select
        *,
        cast(null as string) as action_reference
    from invoice_event
    union all
    select
        *,
        cast(null as string) as action_reference
    from service_event
    union all
    select * from interaction_event

),

scored as (

    select
        metrics.customer_id,
        metrics.as_of,
        scored_date.is_month_end,
        metrics.usage_zscore,
        metrics.health_score,
        metrics.health_category,
        metrics.churn_risk_score,
        metrics.churn_risk_level,
        lag(metrics.health_category) over history as previous_health_category,
        lag(metrics.churn_risk_level) over history as previous_churn_risk_level
    from {{ ref('gold_customer_360_metrics') }} as metrics
    inner join {{ ref('gold_scored_date') }} as scored_date on metrics.as_of = scored_date.as_of
    window history as (partition by metrics.customer_id order by metrics.as_of)

),

score_event as (

    select
        customer_id,
        as_of,
        'SCORE' as event_type,
        'health_category_changed' as event_subtype,
        'Health changed from ' || previous_health_category || ' to ' || health_category as title,
        coalesce(
            'Health score ' || {{ number_text('health_score', 1) }} || ' of 100',
            'Too little is known for a score'
        ) as description,
        health_category as status
    from scored
    where is_month_end and health_category <> previous_health_category
    union all
    select
        customer_id,
        as_of,
        'SCORE' as event_type,
        'churn_risk_level_changed' as event_subtype,
        'Churn risk changed from ' || previous_churn_risk_level || ' to ' || churn_risk_level
            as title,
        coalesce(
            'Churn risk ' || {{ number_text('churn_risk_score', 1) }} || ' of 100',
            'Too little is known for a score'
        ) as description,
        churn_risk_level as status
    from scored
    where is_month_end and churn_risk_level <> previous_churn_risk_level
    union all
    select
        scored.customer_id,
        scored.as_of,
        'USAGE' as event_type,
        'anomalous_month' as event_subtype,
        case when scored.usage_zscore < 0 then 'Unusually low usage' else 'Unusually high usage' end
            as title,
        {{ number_text('scored.usage_zscore', 1) }}
        || ' times the usual variation of the twelve months before' as description,
        max(alert_rule.severity) as status
    from scored
    inner join {{ ref('alert_rule') }} as alert_rule
        on
            alert_rule.metric = 'usage_zscore'
            and alert_rule.enabled
            and {{ condition_holds(
                'scored.usage_zscore', 'alert_rule.operator', 'alert_rule.threshold',
                'alert_rule.upper_threshold',
            ) }}
    group by scored.customer_id, scored.as_of, scored.usage_zscore

),

bridge as (

    select
        customer_id,
        account_id,
        {{ lookup_bucket('customer_id') }} as customer_bucket
    from {{ ref('gold_customer_account') }}

),

-- All branches before the order: sorted as they come, each holds memory until the last has ended.
event as {{ materialized() }} (

    select
        record_event.event_subtype || '-' || record_event.source_id as event_id,
        bridge.customer_id,
        record_event.account_id,
        record_event.event_type,
        record_event.event_subtype,
        record_event.occurred_at,
        record_event.title,
        record_event.description,
        record_event.amount_usd,
        record_event.status,
        record_event.source_object,
        record_event.source_id,
        record_event.action_reference,
        bridge.customer_bucket
    from record_event
    inner join bridge on record_event.account_id = bridge.account_id
    cross join run
    where cast(record_event.occurred_at as date) <= run.as_of
    union all
    select
        event_subtype || '-' || customer_id || '-' || cast(as_of as string) as event_id,
        customer_id,
        cast(null as string) as account_id,
        event_type,
        event_subtype,
        cast(as_of as timestamp) as occurred_at,
        title,
        description,
        cast(null as decimal(18, 2)) as amount_usd,
        status,
        cast(null as string) as source_object,
        cast(null as string) as source_id,
        cast(null as string) as action_reference,
        {{ lookup_bucket('customer_id') }} as customer_bucket
    from score_event

)

select * from event
order by customer_bucket
