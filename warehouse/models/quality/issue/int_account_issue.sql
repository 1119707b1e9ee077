{{ record_issues(
    'account',
    rejected={
        'country_code': ['record.country_code', 'not a known country', 'billing_country'],
        'phone': ['record.phone', 'not a phone number of the country'],
        'web_domain': [web_domain('version.website'), 'no host in the web address', 'website'],
        'parent_account_id': [
            salesforce_id('version.parent_account_id'), 'not a Salesforce id'
        ],
        'owner_id': [salesforce_id('version.owner_id'), 'not a Salesforce id'],
        'currency_code': [currency_code('version.currency_code'), 'not an ISO 4217 code'],
        'reported_annual_revenue': [
            to_decimal('version.reported_annual_revenue'), 'not a number'
        ],
        'number_of_employees': [to_integer('version.number_of_employees'), 'not a number'],
        'customer_since_date': [to_date('version.customer_since_date'), 'not a date'],
    },
    repaired={
        'account_name': [html_to_text('version.account_name'), 'whitespace or HTML removed'],
    },
    references={'parent_account_id': 'account', 'owner_id': 'user'}
) }}
