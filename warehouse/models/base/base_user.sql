{{ bronze_view(
    'user',
    text=['user_id', 'user_name', 'email'],
    boolean=['is_active']
) }}
