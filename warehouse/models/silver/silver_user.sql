with salesforce_user as (

    select * from {{ newest_version(ref('base_user'), 'user_id') }} as salesforce_user

)

select
    {{ salesforce_id('user_id') }} as user_id,
    {{ clean_text('user_name') }} as user_name,
    {{ email_address('email') }} as email,
    coalesce({{ to_boolean('is_active') }}, false) as is_active,
    {{ record_columns('salesforce_user') }}
from salesforce_user
