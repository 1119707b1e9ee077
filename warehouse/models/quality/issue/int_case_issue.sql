{{ record_issues(
    'case',
    rejected={
        'account_id': [salesforce_id('version.account_id'), 'not a Salesforce id'],
        'closed_at': [to_timestamp('version.closed_at'), 'not a timestamp'],
        'is_escalated': [to_boolean('version.is_escalated'), 'neither true nor false'],
        'is_closed': [to_boolean('version.is_closed'), 'neither true nor false'],
        'is_sla_breached': [to_boolean('version.is_sla_breached'), 'neither true nor false'],
    },
    repaired={
        'subject': [html_to_text('version.subject'), 'whitespace or HTML removed'],
    },
    references={'account_id': 'account', 'contact_id': 'contact'}
) }}
