{{ config(materialized='view') }}

with service_step as (

    select
        'service_activated' as event_subtype,
        ' activated' as title_end
    union all
    select
        'service_ended' as event_subtype,
        ' ended' as title_end

)

select
    asset.asset_id as source_id,
    asset.account_id,
    'USAGE' as event_type,
    step.event_subtype,
    cast(
        case step.event_subtype
            when 'service_activated' then asset.install_date
            else asset.usage_end_date
        end as timestamp
    ) as occurred_at,
    coalesce(asset.asset_name, 'Service') || step.title_end as title,
    asset.status as description,
    asset.monthly_charge_usd as amount_usd,
    asset.status,
    'Asset' as source_object,
    cast(null as string) as action_reference
from {{ ref('silver_asset') }} as asset
cross join service_step as step
