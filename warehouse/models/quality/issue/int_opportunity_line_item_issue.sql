{{ record_issues(
    'opportunity_line_item',
    rejected={
        'opportunity_id': [salesforce_id('version.opportunity_id'), 'not a Salesforce id'],
        'quantity': [to_decimal('version.quantity'), 'not a number'],
        'unit_price': [to_decimal('version.unit_price'), 'not a number'],
        'total_price': [to_decimal('version.total_price'), 'not a number'],
        'service_date': [to_date('version.service_date'), 'not a date'],
        'term_months': [to_integer('version.term_months'), 'not a number'],
    },
    references={'opportunity_id': 'opportunity', 'product_id': 'product'},
    amounts={'total_price': 'total_price_usd'}
) }}
