{{ config(schema='intermediate', access='protected') }}

with account as (

    select
        {{ salesforce_id('account.account_id') }} as account_id,
        account.phone,
        country_spelling.country_code
    from {{ ref('base_account') }} as account
    {{ country_join('account.billing_country') }}

),

contact as (

    select
        {{ salesforce_id('account_id') }} as account_id,
        phone,
        mobile_phone
    from {{ ref('base_contact') }}

),

written as (

    select
        phone,
        country_code
    from account
    union
    select
        contact.phone,
        account.country_code
    from contact
    left join account on contact.account_id = account.account_id
    union
    select
        contact.mobile_phone as phone,
        account.country_code
    from contact
    left join account on contact.account_id = account.account_id

),

characters as (

    select
        phone,
        country_code,
        {{ phone_characters('phone') }} as phone_characters
    from written
    where phone is not null

),

international as (

    select
        characters.phone,
        characters.country_code,
        {{ international_digits('characters.phone_characters', 'country') }} as digits
    from characters
    left join {{ ref('country') }} as country on characters.country_code = country.country_code

)

select
    international.phone,
    international.country_code,
    {{ phone_e164('international.digits', 'plan') }} as phone_e164
from international
left join {{ ref('country') }} as plan
    on
        {{ calling_code('international.digits') }} = plan.calling_code
        and plan.is_main_for_calling_code
