with account as (

    select * from {{ newest_version(ref('base_account'), 'account_id') }} as account

),

located as (

    select
        account.*,
        country.country_code,
        {{ picklist_value('region', 'account.region') }} as own_region,
        country.region as country_region
    from account
    {{ country_join('account.billing_country') }}
    left join {{ ref('country') }} as country
        on country_spelling.country_code = country.country_code
    {{ picklist_join('region', 'account.region') }}

),

with_currency as (

    select
        located.*,
        coalesce(located.own_region, located.country_region) as standard_region,
        {{ currency_code('located.currency_code') }} as own_currency_code,
        region.currency_code as region_currency_code
    from located
    left join {{ ref('region') }} as region
        on coalesce(located.own_region, located.country_region) = region.region

)

select
    {{ salesforce_id('account.account_id') }} as account_id,
    {{ html_to_text('account.account_name') }} as account_name,
    {{ picklist_value('account_type', 'account.account_type') }} as account_type,
    {{ clean_text('account.industry') }} as industry,
    {{ surviving_account_id('account.parent_account_id') }} as parent_account_id,
    account.country_code,
    {{ clean_text('account.billing_city') }} as billing_city,
    account.standard_region as region,
    {{ picklist_value('segment', 'account.segment') }} as segment,
    phone_number.phone_e164 as phone,
    {{ clean_text('account.website') }} as website,
    {{ web_domain('account.website') }} as web_domain,
    {{ clean_text('account.account_number') }} as account_number,
    {{ upper_text('account.registration_number') }} as registration_number,
    coalesce(account.own_currency_code, account.region_currency_code) as currency_code,
    account.own_currency_code is null as is_currency_inferred,
    {{ to_decimal('account.reported_annual_revenue') }} as reported_annual_revenue,
    {{ to_integer('account.number_of_employees') }} as number_of_employees,
    {{ salesforce_id('account.owner_id') }} as owner_id,
    {{ to_date('account.customer_since_date') }} as customer_since_date,
    {{ record_columns('account') }}
from with_currency as account
left join {{ ref('int_phone_number') }} as phone_number
    on
        account.phone = phone_number.phone
        and account.country_code is not distinct from phone_number.country_code
{{ picklist_join('account_type', 'account.account_type') }}
{{ picklist_join('segment', 'account.segment') }}
