{#- Names compared on either side in alphabetical order. In a large block the true pairs stand next
    to one another, and what is further off shares a common word only. -#}
{%- set widest_window = 20 -%}
{%- set narrowest_window = 4 -%}
{#- A word of so many names says so little that only the next two are looked at. -#}
{%- set crowded_block = 2000 -%}
{%- set crowded_window = 2 -%}
{#- Comparisons for each name of a block, times its size: grows with the number of names. -#}
{%- set comparisons -%}
    (
        select 300 + cast(sqrt(count(*)) / 8 as integer) as comparisons
        from {{ ref('int_company_name') }}
    )
{%- endset -%}
with account_name as (

    select
        account.account_number,
        company.name_id
    from {{ ref('int_account_name') }} as account
    inner join {{ ref('int_company_name') }} as company on account.loose_key = company.loose_key

),

sized as (

    select
        block.name_id,
        block.block_key,
        block.block_rank,
        block.is_own,
        case
            when block.block_size > {{ crowded_block }} then {{ crowded_window }}
            else greatest(
                {{ narrowest_window }},
                least({{ widest_window }}, floor(sizing.comparisons / block.block_size))
            )
        end as block_window
    from {{ ref('int_name_block') }} as block
    cross join {{ comparisons }} as sizing

),

block as (

    select
        *,
        floor(block_rank / block_window) as chunk
    from sized

),

-- In a block larger than the window, a name meets its neighbours in alphabetical order only. Two
-- names that are in a block by a neighbour of its word alone need not be near each other.
near as (

    select
        earlier.name_id as name_id_a,
        later.name_id as name_id_b
    from block as earlier
    inner join block as later
        on
            earlier.block_key = later.block_key
            and earlier.chunk = later.chunk
            and earlier.block_rank < later.block_rank
            and (earlier.is_own or later.is_own)
    union all
    select
        earlier.name_id as name_id_a,
        later.name_id as name_id_b
    from block as earlier
    inner join block as later
        on
            earlier.block_key = later.block_key
            and earlier.chunk + 1 = later.chunk
            and later.block_rank - earlier.block_rank <= earlier.block_window
            and (earlier.is_own or later.is_own)
    union all
    select
        name_1.name_id as name_id_a,
        name_2.name_id as name_id_b
    from {{ ref('int_account_evidence') }} as evidence
    inner join account_name as name_1 on evidence.account_number_1 = name_1.account_number
    inner join account_name as name_2 on evidence.account_number_2 = name_2.account_number
    where name_1.name_id <> name_2.name_id

)

select distinct
    least(name_id_a, name_id_b) as name_id_1,
    greatest(name_id_a, name_id_b) as name_id_2
from near
