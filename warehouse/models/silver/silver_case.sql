with support_case as (

    select * from {{ newest_version(ref('base_case'), 'case_id') }} as support_case

)

select
    {{ salesforce_id('support_case.case_id') }} as case_id,
    {{ surviving_account_id('support_case.account_id') }} as account_id,
    {{ salesforce_id('support_case.contact_id') }} as contact_id,
    {{ clean_text('support_case.case_number') }} as case_number,
    {{ html_to_text('support_case.subject') }} as subject,
    {{ picklist_value('case_status', 'support_case.status') }} as status,
    {{ picklist_value('case_priority', 'support_case.priority') }} as priority,
    {{ picklist_value('case_origin', 'support_case.origin') }} as origin,
    coalesce({{ to_boolean('support_case.is_escalated') }}, false) as is_escalated,
    coalesce({{ to_boolean('support_case.is_closed') }}, false) as is_closed,
    {{ to_timestamp('support_case.closed_at') }} as closed_at,
    coalesce({{ to_boolean('support_case.is_sla_breached') }}, false) as is_sla_breached,
    {{ record_columns('support_case') }}
from support_case
{{ picklist_join('case_status', 'support_case.status') }}
{{ picklist_join('case_priority', 'support_case.priority') }}
{{ picklist_join('case_origin', 'support_case.origin') }}
