{{ bronze_view(
    'invoice',
    text=['invoice_id', 'invoice_number', 'account_id', 'currency_code', 'status'],
    date=['invoice_date', 'due_date', 'paid_date'],
    number=['amount']
) }}
