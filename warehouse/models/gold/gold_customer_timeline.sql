{#- Every kind of event writes the same columns (int_<kind>_event); whom an event belongs to is
settled by the bridge. -#}

with run as (

    select max(as_of) as as_of from {{ ref('core_scored_date') }}

),

record_event as (

    select * from {{ ref('int_opportunity_event') }}
    union all
    select * from {{ ref('int_contract_event') }}
    union all
    select * from {{ ref('int_case_event') }}
    union all
    select * from {{ ref('int_invoice_event') }}
    union all
    select * from {{ ref('int_service_event') }}
    union all
    select * from {{ ref('int_interaction_event') }}

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
    inner join {{ ref('core_scored_date') }} as scored_date on metrics.as_of = scored_date.as_of
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
    from {{ ref('core_customer_account') }}

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
