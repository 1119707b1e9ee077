{{ bronze_view(
    'contract',
    text=['contract_id', 'account_id', 'contract_number', 'status'],
    date=['start_date', 'end_date', 'notice_given_date'],
    number=['contract_term_months'],
    optional=['notice_given_date']
) }}
