{{ record_issues(
    'usage',
    rejected={
        'account_id': [salesforce_id('version.account_id'), 'not a Salesforce id'],
        'asset_id': [salesforce_id('version.asset_id'), 'not a Salesforce id'],
        'usage_month': [to_date('version.usage_month'), 'not a date'],
        'quantity': [to_decimal('version.quantity'), 'not a number'],
    },
    references={'account_id': 'account', 'asset_id': 'asset'}
) }}
