with account as (

    select * from {{ ref('int_account_name') }}

),

contact_point as (

    select * from {{ ref('int_account_contact_point') }}

),

block as (

    select
        account_id,
        'name ' || strict_key as block_key
    from account
    where strict_key is not null
    union all
    select
        account_id,
        'parent ' || parent_account_id as block_key
    from account
    where parent_account_id is not null
    union all
    select
        account_id,
        'parent ' || account_id as block_key
    from account
    union all
    select
        account_id,
        'contact ' || contact_point as block_key
    from contact_point

)

select distinct
    block_1.account_id as account_id_1,
    block_2.account_id as account_id_2
from block as block_1
inner join block as block_2
    on
        block_1.block_key = block_2.block_key
        and block_1.account_id < block_2.account_id
union
select
    account_id_1,
    account_id_2
from {{ ref('int_manual_decision') }}
