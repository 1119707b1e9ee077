{{ bronze_view(
    'currency_type',
    text=['currency_type_id', 'currency_code'],
    boolean=['is_corporate'],
    expected=false
) }}
