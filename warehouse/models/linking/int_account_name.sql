with keyed as {{ materialized() }} (

    select
        account_id,
        account_name,
        company_keys(account_name) as company_key,
        created_at,
        region,
        country_code,
        parent_account_id,
        registration_number,
        web_domain
    from {{ ref('silver_account') }}

)

select
    keyed.account_id,
    row_number() over (order by keyed.created_at, keyed.account_id) as account_number,
    keyed.account_name,
    nullif(keyed.company_key.strict_key, '') as strict_key,
    nullif(keyed.company_key.loose_key, '') as loose_key,
    keyed.region,
    keyed.country_code,
    keyed.parent_account_id,
    keyed.registration_number,
    keyed.web_domain
from keyed
