{{ record_issues(
    'invoice',
    rejected={
        'account_id': [salesforce_id('version.account_id'), 'not a Salesforce id'],
        'invoice_date': [to_date('version.invoice_date'), 'not a date'],
        'due_date': [to_date('version.due_date'), 'not a date'],
        'paid_date': [to_date('version.paid_date'), 'not a date'],
        'written_off_date': [to_date('version.written_off_date'), 'not a date'],
        'amount': [to_decimal('version.amount'), 'not a number'],
        'balance': [to_decimal('version.balance'), 'not a number'],
        'amount_paid': [to_decimal('version.amount_paid'), 'not a number'],
        'credited_invoice_id': [
            salesforce_id('version.credited_invoice_id'), 'not a Salesforce id'
        ],
        'currency_code': [currency_code('version.currency_code'), 'not an ISO 4217 code'],
    },
    references={'account_id': 'account', 'credited_invoice_id': 'invoice'},
    amounts={'amount': 'amount_usd'}
) }}
