{{ bronze_view(
    'opportunity_line_item',
    text=[
        'opportunity_line_item_id', 'opportunity_id', 'product_id', 'product_code',
        'line_item_name', 'billing_type',
    ],
    date=['service_date'],
    number=['quantity', 'unit_price', 'total_price', 'term_months']
) }}
