{{ bronze_view(
    'task',
    text=['task_id', 'account_id', 'what_id', 'who_id', 'subject', 'task_type', 'status'],
    date=['activity_date'],
    timestamp=['completed_at']
) }}
