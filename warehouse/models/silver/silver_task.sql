with task as (

    select * from {{ newest_version(ref('base_task'), 'task_id') }} as task

)

select
    {{ salesforce_id('task.task_id') }} as task_id,
    {{ surviving_account_id('task.account_id') }} as account_id,
    {{ salesforce_id('task.what_id') }} as what_id,
    {{ salesforce_id('task.who_id') }} as who_id,
    {{ html_to_text('task.subject') }} as subject,
    {{ picklist_value('interaction_type', 'task.task_type') }} as task_type,
    {{ picklist_value('task_status', 'task.status') }} as status,
    {{ to_date('task.activity_date') }} as activity_date,
    {{ to_timestamp('task.completed_at') }} as completed_at,
    {{ record_columns('task') }}
from task
{{ picklist_join('interaction_type', 'task.task_type') }}
{{ picklist_join('task_status', 'task.status') }}
