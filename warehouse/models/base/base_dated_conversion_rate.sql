{{ bronze_view(
    'dated_conversion_rate',
    text=['dated_conversion_rate_id', 'currency_code'],
    date=['start_date'],
    number=['conversion_rate'],
    expected=false
) }}
