with task as (

    select
        task_id as interaction_id,
        account_id,
        coalesce(task_type, 'Task') as interaction_type,
        coalesce(completed_at, cast(activity_date as timestamp)) as occurred_at,
        coalesce(status = 'Completed', false) as is_completed,
        subject,
        'Task' as source_object,
        created_at,
        last_modified_at,
        system_modstamp,
        extracted_at,
        source_system,
        batch_id
    from {{ ref('silver_task') }}

),

event as (

    select
        event_id as interaction_id,
        account_id,
        coalesce(event_type, 'Meeting') as interaction_type,
        coalesce(ended_at, started_at) as occurred_at,
        coalesce(
            cast(coalesce(ended_at, started_at) as date) <= {{ run_as_of() }}, false
        ) as is_completed,
        subject,
        'Event' as source_object,
        created_at,
        last_modified_at,
        system_modstamp,
        extracted_at,
        source_system,
        batch_id
    from {{ ref('silver_event') }}

)

select * from task
union all
select * from event
