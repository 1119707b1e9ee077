{{ bronze_view(
    'event',
    text=['event_id', 'account_id', 'what_id', 'who_id', 'subject', 'event_type'],
    timestamp=['started_at', 'ended_at']
) }}
