with event as (

    select * from {{ newest_version(ref('base_event'), 'event_id') }} as event

)

select
    {{ salesforce_id('event.event_id') }} as event_id,
    {{ surviving_account_id('event.account_id') }} as account_id,
    {{ salesforce_id('event.what_id') }} as what_id,
    {{ salesforce_id('event.who_id') }} as who_id,
    {{ html_to_text('event.subject') }} as subject,
    {{ picklist_value('interaction_type', 'event.event_type') }} as event_type,
    {{ to_timestamp('event.started_at') }} as started_at,
    {{ to_timestamp('event.ended_at') }} as ended_at,
    {{ record_columns('event') }}
from event
{{ picklist_join('interaction_type', 'event.event_type') }}
