with member as (

    select
        component.account_number,
        component.component,
        account.country_code,
        account.registration_number,
        company.name_id
    from {{ ref('int_link_component') }} as component
    inner join {{ ref('int_account_name') }} as account
        on component.account_number = account.account_number
    left join {{ ref('int_company_name') }} as company on account.loose_key = company.loose_key

),

component_name as (

    select distinct
        component,
        name_id
    from member
    where name_id is not null

),

-- Names that links brought together but that are not known to be alike.
uncompared as (

    select
        name_1.component,
        name_1.name_id as name_id_1,
        name_2.name_id as name_id_2
    from component_name as name_1
    inner join component_name as name_2
        on name_1.component = name_2.component and name_1.name_id < name_2.name_id
    anti join {{ ref('int_name_similarity') }} as known
        on
            name_1.name_id = known.name_id_1
            and name_2.name_id = known.name_id_2
            and known.similarity >= 70

),

compared as {{ materialized() }} (

    select
        uncompared.component,
        uncompared.name_id_1,
        uncompared.name_id_2,
        company_similarity(
            name_1.loose_key, name_1.rarities, name_2.loose_key, name_2.rarities, name_1.bits
        ) as score
    from uncompared
    inner join {{ ref('int_company_name') }} as name_1 on uncompared.name_id_1 = name_1.name_id
    inner join {{ ref('int_company_name') }} as name_2 on uncompared.name_id_2 = name_2.name_id

),

vouched as (

    select
        account_number_1,
        account_number_2
    from {{ ref('int_account_link') }}
    where is_vouched

),

strange as (

    select
        compared.component,
        least(member_1.account_number, member_2.account_number) as account_number_1,
        greatest(member_1.account_number, member_2.account_number) as account_number_2
    from compared
    inner join member as member_1
        on
            compared.component = member_1.component
            and compared.name_id_1 = member_1.name_id
    inner join member as member_2
        on
            compared.component = member_2.component
            and compared.name_id_2 = member_2.name_id
    where compared.score.similarity < 70

),

nameless as (

    select
        member_1.component,
        least(member_1.account_number, member_2.account_number) as account_number_1,
        greatest(member_1.account_number, member_2.account_number) as account_number_2
    from member as member_1
    inner join member as member_2
        on
            member_1.component = member_2.component
            and member_1.account_number <> member_2.account_number
    where member_1.name_id is null

),

other_registration as (

    select
        member_1.component,
        member_1.account_number as account_number_1,
        member_2.account_number as account_number_2
    from member as member_1
    inner join member as member_2
        on
            member_1.component = member_2.component
            and member_1.country_code = member_2.country_code
            and member_1.registration_number <> member_2.registration_number
            and member_1.account_number < member_2.account_number

),

conflict as (

    select * from strange
    union
    select * from nameless

),

decided as (

    select
        decision.account_number_1,
        decision.account_number_2,
        decision.decision
    from {{ ref('int_manual_decision') }} as decision

)

select
    conflict.component,
    conflict.account_number_1,
    conflict.account_number_2
from conflict
anti join vouched
    on
        conflict.account_number_1 = vouched.account_number_1
        and conflict.account_number_2 = vouched.account_number_2
union
select
    registration.component,
    registration.account_number_1,
    registration.account_number_2
from other_registration as registration
anti join decided
    on
        registration.account_number_1 = decided.account_number_1
        and registration.account_number_2 = decided.account_number_2
        and decided.decision = 'link'
union
select
    member_1.component,
    decided.account_number_1,
    decided.account_number_2
from decided
inner join member as member_1 on decided.account_number_1 = member_1.account_number
inner join member as member_2
    on
        decided.account_number_2 = member_2.account_number
        and member_1.component = member_2.component
where decided.decision = 'never'
