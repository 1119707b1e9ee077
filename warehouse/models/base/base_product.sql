{{ bronze_view(
    'product',
    text=['product_id', 'product_name', 'product_code', 'product_family'],
    boolean=['is_active']
) }}
