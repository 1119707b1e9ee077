with account as (

    select
        account_id,
        account_number
    from {{ ref('int_account_name') }}

),

link as (

    select
        list(account_1.account_number order by link.confidence desc, link.similarity desc, link.account_id_1, link.account_id_2) as first_account,
        list(account_2.account_number order by link.confidence desc, link.similarity desc, link.account_id_1, link.account_id_2) as second_account
    from {{ ref('int_account_link') }} as link
    inner join account as account_1 on link.account_id_1 = account_1.account_id
    inner join account as account_2 on link.account_id_2 = account_2.account_id

),

never as (

    select
        coalesce(list(account_1.account_number), []) as first_account,
        coalesce(list(account_2.account_number), []) as second_account
    from {{ ref('int_manual_decision') }} as decision
    inner join account as account_1 on decision.account_id_1 = account_1.account_id
    inner join account as account_2 on decision.account_id_2 = account_2.account_id
    where decision.decision = 'never'

),

grouped as materialized (

    select
        unnest(
            master_members(
                link.first_account,
                link.second_account,
                never.first_account,
                never.second_account
            )
        ) as pair
    from link
    cross join never

),

member as (

    select
        pair.member as account_number,
        pair.master as master_number,
        count(*) over (partition by pair.master) as member_count
    from grouped

)

select
    account.account_id,
    'M-' || earliest.account_id as master_account_id,
    member.member_count
from member
inner join account on member.account_number = account.account_number
inner join account as earliest on member.master_number = earliest.account_number
where member.member_count > 1
