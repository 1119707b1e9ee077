with link as (

    select * from {{ ref('int_account_link') }}

),

member as (

    select * from {{ ref('int_master_member') }}

)

select
    link.account_id_1,
    link.account_id_2,
    'refused' as reason,
    link.method,
    link.similarity,
    link.evidence
from link
left join member as member_1 on link.account_id_1 = member_1.account_id
left join member as member_2 on link.account_id_2 = member_2.account_id
where
    member_1.master_account_id is distinct from member_2.master_account_id
    or member_1.master_account_id is null
