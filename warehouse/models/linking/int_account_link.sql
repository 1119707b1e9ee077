with candidate as (

    select * from {{ ref('int_account_candidate') }}

),

account as (

    select * from {{ ref('int_account_name') }}

),

decision as (

    select * from {{ ref('int_manual_decision') }}

),

shared_contact as (

    select
        point_1.account_id as account_id_1,
        point_2.account_id as account_id_2,
        min(point_1.contact_point) as contact_point
    from {{ ref('int_account_contact_point') }} as point_1
    inner join {{ ref('int_account_contact_point') }} as point_2
        on
            point_1.contact_point = point_2.contact_point
            and point_1.account_id < point_2.account_id
    group by point_1.account_id, point_2.account_id

),

scored as materialized (

    select
        candidate.account_id_1,
        candidate.account_id_2,
        decision.decision,
        decision.comment,
        shared_contact.contact_point,
        account_1.strict_key = account_2.strict_key as is_same_name,
        coalesce(
            account_1.parent_account_id = account_2.parent_account_id
            or account_1.parent_account_id = account_2.account_id
            or account_2.parent_account_id = account_1.account_id,
            false
        ) as is_same_family,
        coalesce(
            account_1.country_code = account_2.country_code
            and account_1.registration_number <> account_2.registration_number,
            false
        ) as is_other_registration,
        account_1.region is distinct from account_2.region as is_cross_region,
        case
            when account_1.strict_key = account_2.strict_key then 100
            else coalesce(company_similarity(account_1.loose_key, account_2.loose_key), 0)
        end as similarity
    from candidate
    inner join account as account_1 on candidate.account_id_1 = account_1.account_id
    inner join account as account_2 on candidate.account_id_2 = account_2.account_id
    left join decision
        on
            candidate.account_id_1 = decision.account_id_1
            and candidate.account_id_2 = decision.account_id_2
    left join shared_contact
        on
            candidate.account_id_1 = shared_contact.account_id_1
            and candidate.account_id_2 = shared_contact.account_id_2

),

graded as (

    select
        *,
        case
            when decision = 'never' then null
            when decision = 'link' then 'manual'
            when is_other_registration then null
            when is_same_name then 'exact'
            when is_same_family and similarity >= 70 then 'parent'
            when contact_point is not null and similarity >= 70 then 'contact'
        end as method
    from scored

)

select
    account_id_1,
    account_id_2,
    method,
    cast(similarity as double) as similarity,
    cast(case method
        when 'manual' then 100
        when 'exact' then 100
        when 'parent' then 90
        when 'contact' then 85
    end as double) as confidence,
    case method
        when 'manual' then 'Decided by a person' || coalesce(': ' || comment, '')
        when 'exact' then 'Same name'
        when 'parent' then 'Same parent, names ' || round(similarity) || ' alike'
        when 'contact' then
            'Shared contact ' || contact_point || ', names ' || round(similarity) || ' alike'
    end as evidence,
    is_cross_region
from graded
where method is not null
