{{ record_issues(
    'event',
    rejected={
        'account_id': [salesforce_id('version.account_id'), 'not a Salesforce id'],
        'started_at': [to_timestamp('version.started_at'), 'not a timestamp'],
        'ended_at': [to_timestamp('version.ended_at'), 'not a timestamp'],
    },
    repaired={
        'subject': [html_to_text('version.subject'), 'whitespace or HTML removed'],
    },
    references={'account_id': 'account'}
) }}
