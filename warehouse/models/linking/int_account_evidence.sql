{#- Blocks of accounts that something other than the name ties together. In a block larger than
    the window, an account meets its neighbours in alphabetical order only. -#}
{%- set block_window = 50 -%}
with account as (

    select * from {{ ref('int_account_name') }}
    where loose_key is not null

),

-- acme.com and acme.co.za are one domain; a domain under more than three names is a host.
own_domain as (

    select
        account_number,
        loose_key,
        split_part(web_domain, '.', 1) as domain_name
    from account
    where
        length(split_part(web_domain, '.', 1)) >= 4
        and web_domain not in (
            select free_mail.domain from {{ ref('free_mail_domain') }} as free_mail
        )

),

narrow_domain as (

    select domain_name
    from own_domain
    group by domain_name
    having count(distinct loose_key) <= 3

),

domain as (

    select own_domain.*
    from own_domain
    inner join narrow_domain on own_domain.domain_name = narrow_domain.domain_name

),

member as (

    select
        account_number,
        loose_key,
        'parent ' || parent_account_id as block_key
    from account
    where parent_account_id is not null
    union all
    select
        account_number,
        loose_key,
        'parent ' || account_id as block_key
    from account
    union all
    select
        account.account_number,
        account.loose_key,
        'contact ' || shared.contact_point as block_key
    from account
    inner join {{ ref('int_account_contact_point') }} as shared
        on account.account_id = shared.account_id
    union all
    select
        account_number,
        loose_key,
        'domain ' || domain_name as block_key
    from domain
    union all
    select
        account_number,
        loose_key,
        'registration ' || country_code || ' ' || registration_number as block_key
    from account
    where country_code is not null and registration_number is not null

),

ranked as (

    select
        account_number,
        block_key,
        row_number() over (partition by block_key order by loose_key, account_number) as block_rank
    from member
    qualify count(*) over (partition by block_key) > 1

),

block as (

    select
        account_number,
        block_key,
        block_rank,
        floor(block_rank / {{ block_window }}) as chunk
    from ranked

),

near as (

    select
        earlier.account_number as number_a,
        later.account_number as number_b,
        earlier.block_key
    from block as earlier
    inner join block as later
        on
            earlier.block_key = later.block_key
            and earlier.chunk = later.chunk
            and earlier.block_rank < later.block_rank
    union all
    select
        earlier.account_number as number_a,
        later.account_number as number_b,
        earlier.block_key
    from block as earlier
    inner join block as later
        on
            earlier.block_key = later.block_key
            and earlier.chunk + 1 = later.chunk
            and later.block_rank - earlier.block_rank <= {{ block_window }}

)

select
    least(number_a, number_b) as account_number_1,
    greatest(number_a, number_b) as account_number_2,
    bool_or(block_key like 'parent %') as is_same_family,
    min(case when block_key like 'contact %' then substr(block_key, 9) end)
        as shared_contact,
    min(case when block_key like 'domain %' then substr(block_key, 8) end)
        as shared_domain,
    min(case when block_key like 'registration %' then substr(block_key, 14) end)
        as shared_registration
from near
group by all
