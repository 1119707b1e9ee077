with opportunity as (

    select
        opportunity.*,
        {{ surviving_account_id('opportunity.account_id') }} as surviving_account_id
    from {{ newest_version(ref('base_opportunity'), 'opportunity_id') }} as opportunity

),

typed as (

    select
        opportunity.*,
        {{ to_decimal('opportunity.amount') }} as decimal_amount,
        {{ to_date('opportunity.close_date') }} as close_day,
        {{ currency_code('opportunity.currency_code') }} as own_currency_code,
        account.currency_code as account_currency_code
    from opportunity
    left join {{ ref('silver_account') }} as account
        on opportunity.surviving_account_id = account.account_id

)

select
    {{ salesforce_id('opportunity.opportunity_id') }} as opportunity_id,
    opportunity.surviving_account_id as account_id,
    {{ html_to_text('opportunity.opportunity_name') }} as opportunity_name,
    {{ picklist_value('opportunity_type', 'opportunity.opportunity_type') }} as opportunity_type,
    {{ clean_text('opportunity.stage_name') }} as stage_name,
    opportunity.decimal_amount as amount,
    coalesce(opportunity.own_currency_code, opportunity.account_currency_code) as currency_code,
    opportunity.own_currency_code is null as is_currency_inferred,
    rate.exchange_rate,
    rate.exchange_rate_date,
    {{ to_usd('opportunity.decimal_amount') }} as deal_value_usd,
    {{ percent_to_fraction('opportunity.probability') }} as win_probability,
    opportunity.close_day as close_date,
    coalesce({{ to_boolean('opportunity.is_closed') }}, false) as is_closed,
    coalesce({{ to_boolean('opportunity.is_won') }}, false) as is_won,
    {{ salesforce_id('opportunity.contract_id') }} as contract_id,
    {{ clean_text('opportunity.lead_source') }} as lead_source,
    {{ salesforce_id('opportunity.owner_id') }} as owner_id,
    {{ record_columns('opportunity') }}
from typed as opportunity
{{ exchange_rate_join(
    'coalesce(opportunity.own_currency_code, opportunity.account_currency_code)',
    'opportunity.close_day'
) }}
{{ picklist_join('opportunity_type', 'opportunity.opportunity_type') }}
