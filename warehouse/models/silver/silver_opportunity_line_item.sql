with opportunity_line_item as (

    select *
    from {{ newest_version(ref('base_opportunity_line_item'), 'opportunity_line_item_id') }} as item

)

select
    {{ salesforce_id('item.opportunity_line_item_id') }} as opportunity_line_item_id,
    {{ salesforce_id('item.opportunity_id') }} as opportunity_id,
    {{ salesforce_id('item.product_id') }} as product_id,
    {{ upper_text('item.product_code') }} as product_code,
    {{ html_to_text('item.line_item_name') }} as line_item_name,
    {{ to_decimal('item.quantity') }} as quantity,
    {{ to_decimal('item.unit_price') }} as unit_price,
    {{ to_decimal('item.total_price') }} as total_price,
    opportunity.currency_code,
    opportunity.exchange_rate,
    opportunity.exchange_rate_date,
    {{ to_usd(to_decimal('item.total_price'), 'opportunity.exchange_rate') }} as total_price_usd,
    {{ to_date('item.service_date') }} as service_date,
    {{ to_integer('item.term_months') }} as term_months,
    {{ picklist_value('billing_type', 'item.billing_type') }} as billing_type,
    {{ record_columns('item') }}
from opportunity_line_item as item
left join {{ ref('silver_opportunity') }} as opportunity
    on {{ salesforce_id('item.opportunity_id') }} = opportunity.opportunity_id
{{ picklist_join('billing_type', 'item.billing_type') }}
