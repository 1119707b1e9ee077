{{ config(materialized='view') }}

with referenced as (

    select
        *,
        coalesce({{ regex_extract('subject', '\\[(C360-[0-9a-f]{12})\\]') }}, '')
            as action_reference
    from {{ ref('silver_interaction') }}

)

-- A task that carries an action's reference is that action, not one more contact.
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
