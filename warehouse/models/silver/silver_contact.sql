with contact as (

    select
        contact.*,
        {{ surviving_account_id('contact.account_id') }} as surviving_account_id
    from {{ newest_version(ref('base_contact'), 'contact_id') }} as contact

),

named as (

    select
        contact.*,
        {{ clean_text('contact.first_name') }} as clean_first_name,
        {{ clean_text('contact.last_name') }} as clean_last_name,
        account.country_code
    from contact
    left join {{ ref('silver_account') }} as account
        on contact.surviving_account_id = account.account_id

)

select
    {{ salesforce_id('contact.contact_id') }} as contact_id,
    contact.surviving_account_id as account_id,
    {{ proper_case('contact.clean_first_name') }} as first_name,
    {{ proper_case('contact.clean_last_name') }} as last_name,
    {{ trim_to_null("concat_ws(' ', " ~ proper_case('contact.clean_first_name') ~ ', '
        ~ proper_case('contact.clean_last_name') ~ ')') }} as full_name,
    {{ email_address('contact.email') }} as email,
    phone_number.phone_e164 as phone,
    mobile_number.phone_e164 as mobile_phone,
    {{ clean_text('contact.title') }} as title,
    {{ clean_text('contact.department') }} as department,
    {{ picklist_value('contact_role', 'contact.role') }} as role,
    coalesce({{ to_boolean('contact.has_opted_out_of_email') }}, false) as has_opted_out_of_email,
    {{ record_columns('contact') }}
from named as contact
left join {{ ref('int_phone_number') }} as phone_number
    on
        contact.phone = phone_number.phone
        and contact.country_code is not distinct from phone_number.country_code
left join {{ ref('int_phone_number') }} as mobile_number
    on
        contact.mobile_phone = mobile_number.phone
        and contact.country_code is not distinct from mobile_number.country_code
{{ picklist_join('contact_role', 'contact.role') }}
