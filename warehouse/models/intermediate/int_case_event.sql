{{ config(materialized='view') }}

with support_case as (

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

)

-- Salesforce keeps no date of an escalation or a breach: it lies between opening and closing, and
-- is shown at the case's closing, or its last change while it is open.
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
    'Case' as source_object,
    cast(null as string) as action_reference
from support_case
cross join case_step as step
where
    step.event_subtype = 'case_opened'
    or (step.event_subtype = 'case_escalated' and support_case.is_escalated)
    or (step.event_subtype = 'case_closed' and support_case.closed_at is not null)
    or (step.event_subtype = 'sla_breached' and support_case.is_sla_breached)
