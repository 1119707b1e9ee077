{{ bronze_view(
    'asset',
    text=['asset_id', 'account_id', 'product_id', 'asset_name', 'status', 'currency_code'],
    date=['install_date', 'usage_end_date'],
    number=['quantity', 'monthly_charge']
) }}
