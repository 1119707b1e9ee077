with usage as (

    select * from {{ newest_version(ref('base_usage'), 'usage_id') }} as usage

)

select
    {{ salesforce_id('usage.usage_id') }} as usage_id,
    -- A service that moves to another account takes its usage along.
    coalesce(asset.account_id, {{ surviving_account_id('usage.account_id') }}) as account_id,
    {{ salesforce_id('usage.asset_id') }} as asset_id,
    {{ month_start(to_date('usage.usage_month')) }} as usage_month,
    {{ to_decimal('usage.quantity', 18, 4) }} as quantity,
    {{ picklist_value('unit', 'usage.unit') }} as unit,
    {{ record_columns('usage') }}
from usage
left join {{ ref('silver_asset') }} as asset
    on {{ salesforce_id('usage.asset_id') }} = asset.asset_id
{{ picklist_join('unit', 'usage.unit') }}
