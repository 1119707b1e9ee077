{{ record_issues(
    'contract',
    rejected={
        'account_id': [salesforce_id('version.account_id'), 'not a Salesforce id'],
        'start_date': [to_date('version.start_date'), 'not a date'],
        'end_date': [to_date('version.end_date'), 'not a date'],
        'contract_term_months': [to_integer('version.contract_term_months'), 'not a number'],
    },
    references={'account_id': 'account'}
) }}
