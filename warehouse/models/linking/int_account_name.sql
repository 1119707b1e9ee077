with account as (

    select * from {{ ref('silver_account') }}

),

distinct_name as (

    -- Keys are made once for each spelling, not once for each account.
    select distinct account_name
    from account
    where account_name is not null

),

keyed as {{ materialized() }} (

    select
        account_name,
        company_keys(account_name) as company_key
    from distinct_name

)

select
    account.account_id,
    row_number() over (order by account.created_at, account.account_id) as account_number,
    account.account_name,
    nullif(keyed.company_key.strict_key, '') as strict_key,
    nullif(keyed.company_key.loose_key, '') as loose_key,
    account.region,
    account.country_code,
    account.parent_account_id,
    account.registration_number,
    account.web_domain
from account
left join keyed on account.account_name = keyed.account_name
