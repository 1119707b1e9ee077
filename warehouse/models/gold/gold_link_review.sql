with verdict as (

    select * from {{ ref('int_account_verdict') }}

),

member as (

    select * from {{ ref('int_master_member') }}

)

select
    verdict.account_id_1,
    verdict.account_id_2,
    coalesce(verdict.open_question, 'refused') as reason,
    verdict.method,
    verdict.similarity,
    verdict.evidence
from verdict
left join member as member_1 on verdict.account_number_1 = member_1.account_number
left join member as member_2 on verdict.account_number_2 = member_2.account_number
-- A pair that other links brought together anyway leaves nothing to decide.
where
    member_1.master_account_id is null
    or member_1.master_account_id is distinct from member_2.master_account_id
