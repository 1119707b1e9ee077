{#- Accounts of one name, or of two names that are alike, are paired one by one up to this many. -#}
{%- set same_name_limit = 30 -%}
with account as (

    select
        account.account_number,
        account.strict_key,
        account.registration_number,
        account.country_code,
        company.name_id,
        company.own_evidence,
        company.crowd_bits
    from {{ ref('int_account_name') }} as account
    inner join {{ ref('int_company_name') }} as company on account.loose_key = company.loose_key

),

ranked as (

    select
        *,
        row_number() over (
            partition by name_id order by strict_key, country_code, account_number
        ) as name_rank
    from account

),

-- Beyond the limit, accounts of one name meet their neighbours only: the links stay connected.
same_name as (

    select
        earlier.account_number as number_a,
        later.account_number as number_b,
        earlier.strict_key = later.strict_key as is_same_name,
        100.0 as similarity,
        earlier.own_evidence as evidence,
        earlier.crowd_bits
    from ranked as earlier
    inner join ranked as later
        on
            earlier.name_id = later.name_id
            and floor(earlier.name_rank / {{ same_name_limit }})
            = floor(later.name_rank / {{ same_name_limit }})
            and earlier.name_rank < later.name_rank
    union all
    select
        earlier.account_number as number_a,
        later.account_number as number_b,
        earlier.strict_key = later.strict_key as is_same_name,
        100.0 as similarity,
        earlier.own_evidence as evidence,
        earlier.crowd_bits
    from ranked as earlier
    inner join ranked as later
        on
            earlier.name_id = later.name_id
            and floor(earlier.name_rank / {{ same_name_limit }}) + 1
            = floor(later.name_rank / {{ same_name_limit }})
            and later.name_rank - earlier.name_rank <= {{ same_name_limit }}

),

like_name as (

    select
        earlier.account_number as number_a,
        later.account_number as number_b,
        false as is_same_name,
        pair.similarity,
        pair.evidence,
        greatest(earlier.crowd_bits, later.crowd_bits) as crowd_bits
    from {{ ref('int_name_similarity') }} as pair
    inner join ranked as earlier
        on pair.name_id_1 = earlier.name_id and earlier.name_rank <= {{ same_name_limit }}
    inner join ranked as later
        on pair.name_id_2 = later.name_id and later.name_rank <= {{ same_name_limit }}
    where pair.similarity >= 70

)

select
    least(number_a, number_b) as account_number_1,
    greatest(number_a, number_b) as account_number_2,
    is_same_name,
    similarity,
    evidence - coalesce(crowd_bits, 0) as evidence,
    crowd_bits is not null as is_crowded_name
from same_name
union all
select
    least(number_a, number_b) as account_number_1,
    greatest(number_a, number_b) as account_number_2,
    is_same_name,
    similarity,
    evidence - coalesce(crowd_bits, 0) as evidence,
    crowd_bits is not null as is_crowded_name
from like_name
