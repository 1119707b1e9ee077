with account as (

    select
        bridge.customer_id,
        account.account_id,
        account.account_name,
        account.web_domain
    from {{ ref('core_customer_account') }} as bridge
    inner join {{ ref('silver_account') }} as account on bridge.account_id = account.account_id

),

name as (

    select
        customer_id,
        account_name as name
    from account
    union
    select
        customer_id,
        customer_name as name
    from {{ ref('gold_customer') }}

),

name_word as (

    select
        customer_id,
        unnest(words) as token,
        generate_subscripts(words, 1) as position
    from (
        select
            customer_id,
            regexp_extract_all(lower(strip_accents(name)), '[\p{L}\p{N}]+') as words
        from name
    ) as split_name

),

token as (

    select
        customer_id,
        'name' as kind,
        token,
        min(position) as position
    from name_word
    group by customer_id, token
    union all
    select distinct
        customer_id,
        'domain' as kind,
        lower(web_domain) as token,
        1 as position
    from account
    where web_domain is not null
    union all
    select distinct
        account.customer_id,
        'email' as kind,
        lower(contact.email) as token,
        1 as position
    from account
    inner join {{ ref('silver_contact') }} as contact on account.account_id = contact.account_id
    where contact.email is not null

)

select
    token,
    kind,
    customer_id,
    cast(position as integer) as position
from token
where token <> ''
order by token, customer_id, kind
