{{ bronze_view(
    'case',
    text=[
        'case_id', 'account_id', 'contact_id', 'case_number', 'subject', 'status', 'priority',
        'origin',
    ],
    timestamp=['closed_at'],
    boolean=['is_escalated', 'is_closed', 'is_sla_breached']
) }}
