{{ record_issues(
    'asset',
    rejected={
        'account_id': [salesforce_id('version.account_id'), 'not a Salesforce id'],
        'install_date': [to_date('version.install_date'), 'not a date'],
        'usage_end_date': [to_date('version.usage_end_date'), 'not a date'],
        'quantity': [to_decimal('version.quantity'), 'not a number'],
        'monthly_charge': [to_decimal('version.monthly_charge'), 'not a number'],
        'currency_code': [currency_code('version.currency_code'), 'not an ISO 4217 code'],
    },
    repaired={
        'asset_name': [html_to_text('version.asset_name'), 'whitespace or HTML removed'],
    },
    references={'account_id': 'account', 'product_id': 'product'},
    amounts={'monthly_charge': 'monthly_charge_usd'}
) }}
