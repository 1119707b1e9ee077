{{ record_issues(
    'contact',
    rejected={
        'account_id': [salesforce_id('version.account_id'), 'not a Salesforce id'],
        'email': [email_address('version.email'), 'not an e-mail address'],
        'phone': ['record.phone', 'not a phone number of the country'],
        'mobile_phone': ['record.mobile_phone', 'not a phone number of the country'],
    },
    repaired={
        'first_name': ['record.first_name', 'capitals or whitespace corrected'],
        'last_name': ['record.last_name', 'capitals or whitespace corrected'],
        'email': [email_address('version.email'), 'capitals or whitespace corrected'],
    },
    references={'account_id': 'account'}
) }}
