{{ config(materialized='view') }}
with account as (

    select * from {{ ref('int_account_name') }}

),

pair as (

    select * from {{ ref('int_account_pair') }}

),

evidence as (

    select * from {{ ref('int_account_evidence') }}

),

decision as (

    select * from {{ ref('int_manual_decision') }}

),

compared as (

    select
        pair.account_number_1,
        pair.account_number_2,
        pair.is_same_name,
        pair.similarity,
        pair.evidence,
        pair.is_crowded_name,
        coalesce(evidence.is_same_family, false) as is_same_family,
        evidence.shared_contact,
        evidence.shared_domain,
        evidence.shared_registration
    from pair
    left join evidence
        on
            pair.account_number_1 = evidence.account_number_1
            and pair.account_number_2 = evidence.account_number_2
    union all
    -- Pairs that only a person tied together.
    select
        decision.account_number_1,
        decision.account_number_2,
        false as is_same_name,
        null as similarity,
        null as evidence,
        false as is_crowded_name,
        false as is_same_family,
        null as shared_contact,
        null as shared_domain,
        null as shared_registration
    from decision
    anti join pair
        on
            decision.account_number_1 = pair.account_number_1
            and decision.account_number_2 = pair.account_number_2

)

select
    compared.*,
    decision.decision,
    decision.decision_comment,
    coalesce(
        account_1.country_code = account_2.country_code
        and account_1.registration_number <> account_2.registration_number,
        false
    ) as is_other_registration,
    (account_1.region is distinct from account_2.region) as is_cross_region,
    least(account_1.account_id, account_2.account_id) as account_id_1,
    greatest(account_1.account_id, account_2.account_id) as account_id_2
from compared
inner join account as account_1 on compared.account_number_1 = account_1.account_number
inner join account as account_2 on compared.account_number_2 = account_2.account_number
left join decision
    on
        compared.account_number_1 = decision.account_number_1
        and compared.account_number_2 = decision.account_number_2
