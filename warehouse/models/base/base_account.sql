{{ bronze_view(
    'account',
    text=[
        'account_id', 'account_name', 'account_type', 'industry', 'parent_account_id',
        'billing_country', 'billing_city', 'region', 'segment', 'phone', 'website',
        'account_number', 'registration_number', 'currency_code', 'owner_id', 'master_record_id',
    ],
    date=['customer_since_date'],
    number=['reported_annual_revenue', 'number_of_employees'],
    optional=['master_record_id'],
    defaults={'currency_code': "'" ~ var('corporate_currency') ~ "'"}
) }}
