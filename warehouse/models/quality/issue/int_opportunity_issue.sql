{{ record_issues(
    'opportunity',
    rejected={
        'account_id': [salesforce_id('version.account_id'), 'not a Salesforce id'],
        'amount': [to_decimal('version.amount'), 'not a number'],
        'currency_code': [currency_code('version.currency_code'), 'not an ISO 4217 code'],
        'win_probability': [
            percent_to_fraction('version.probability'), 'not a percentage', 'probability'
        ],
        'close_date': [to_date('version.close_date'), 'not a date'],
    },
    repaired={
        'opportunity_name': [
            html_to_text('version.opportunity_name'), 'whitespace or HTML removed'
        ],
    },
    references={'account_id': 'account', 'contract_id': 'contract', 'owner_id': 'user'},
    amounts={'amount': 'deal_value_usd'}
) }}
