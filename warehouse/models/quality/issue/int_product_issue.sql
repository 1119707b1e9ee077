{{ record_issues(
    'product',
    rejected={'is_active': [to_boolean('version.is_active'), 'neither true nor false']},
    repaired={
        'product_name': [html_to_text('version.product_name'), 'whitespace or HTML removed'],
    }
) }}
