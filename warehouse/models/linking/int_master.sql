with member as (

    select * from {{ ref('int_master_member') }}

),

account as (

    select
        account_id,
        account_number
    from {{ ref('int_account_name') }}

),

-- Links between two members of one master; links that the union refused lead out of it.
inner_link as (

    select
        member_1.master_account_id,
        account_1.account_number as first_account,
        account_2.account_number as second_account,
        link.confidence,
        link.similarity
    from {{ ref('int_account_link') }} as link
    inner join member as member_1 on link.account_id_1 = member_1.account_id
    inner join member as member_2
        on
            link.account_id_2 = member_2.account_id
            and member_1.master_account_id = member_2.master_account_id
    inner join account as account_1 on link.account_id_1 = account_1.account_id
    inner join account as account_2 on link.account_id_2 = account_2.account_id

)

select
    master_account_id,
    min(confidence) as min_confidence,
    min(similarity) as min_similarity,
    bridge_count(list(first_account), list(second_account)) as bridge_count
from inner_link
group by master_account_id
