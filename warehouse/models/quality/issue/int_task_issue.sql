{{ record_issues(
    'task',
    rejected={
        'account_id': [salesforce_id('version.account_id'), 'not a Salesforce id'],
        'activity_date': [to_date('version.activity_date'), 'not a date'],
        'completed_at': [to_timestamp('version.completed_at'), 'not a timestamp'],
    },
    repaired={
        'subject': [html_to_text('version.subject'), 'whitespace or HTML removed'],
    },
    references={'account_id': 'account'}
) }}
