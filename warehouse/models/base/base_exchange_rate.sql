{{ bronze_view(
    'exchange_rate',
    text=['currency_code'],
    date=['rate_date'],
    number=['rate_to_usd'],
    expected=false
) }}
