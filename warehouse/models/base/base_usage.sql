{{ bronze_view(
    'usage',
    text=['usage_id', 'account_id', 'asset_id', 'unit'],
    date=['usage_month'],
    number=['quantity']
) }}
