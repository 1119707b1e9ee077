{{ bronze_view(
    'contact',
    text=[
        'contact_id', 'account_id', 'first_name', 'last_name', 'email', 'phone', 'mobile_phone',
        'title', 'department', 'role',
    ],
    boolean=['has_opted_out_of_email']
) }}
