{{ bronze_view(
    'opportunity',
    text=[
        'opportunity_id', 'account_id', 'opportunity_name', 'opportunity_type', 'stage_name',
        'currency_code', 'contract_id', 'lead_source', 'owner_id',
    ],
    date=['close_date'],
    number=['amount', 'probability'],
    boolean=['is_closed', 'is_won']
) }}
