{{ bronze_view(
    'invoice',
    text=[
        'invoice_id', 'invoice_number', 'account_id', 'currency_code', 'status', 'document_type',
        'credited_invoice_id'
    ],
    date=['invoice_date', 'due_date', 'paid_date', 'written_off_date'],
    number=['amount', 'balance', 'amount_paid'],
    optional=[
        'document_type', 'balance', 'amount_paid', 'credited_invoice_id', 'written_off_date'
    ]
) }}
