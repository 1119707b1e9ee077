with asset as (

    select
        asset.*,
        {{ surviving_account_id('asset.account_id') }} as surviving_account_id
    from {{ newest_version(ref('base_asset'), 'asset_id') }} as asset

),

typed as (

    select
        asset.*,
        {{ to_decimal('asset.monthly_charge') }} as decimal_monthly_charge,
        {{ currency_code('asset.currency_code') }} as own_currency_code,
        account.currency_code as account_currency_code
    from asset
    left join {{ ref('silver_account') }} as account
        on asset.surviving_account_id = account.account_id

)

select
    {{ salesforce_id('asset.asset_id') }} as asset_id,
    asset.surviving_account_id as account_id,
    {{ salesforce_id('asset.product_id') }} as product_id,
    {{ html_to_text('asset.asset_name') }} as asset_name,
    {{ picklist_value('asset_status', 'asset.status') }} as status,
    {{ to_date('asset.install_date') }} as install_date,
    {{ to_date('asset.usage_end_date') }} as usage_end_date,
    {{ to_decimal('asset.quantity') }} as quantity,
    asset.decimal_monthly_charge as monthly_charge,
    coalesce(asset.own_currency_code, asset.account_currency_code) as currency_code,
    asset.own_currency_code is null as is_currency_inferred,
    rate.exchange_rate,
    rate.exchange_rate_date,
    {{ to_usd('asset.decimal_monthly_charge') }} as monthly_charge_usd,
    {{ record_columns('asset') }}
from typed as asset
{{ exchange_rate_join(
    'coalesce(asset.own_currency_code, asset.account_currency_code)', run_as_of()
) }}
{{ picklist_join('asset_status', 'asset.status') }}
