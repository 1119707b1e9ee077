{#- Fewer bits than this, and several other companies are expected to hold the same words. -#}
{%- set thin_evidence = -2 -%}
with comparison as (

    select * from {{ ref('int_account_comparison') }}

),

-- A web domain or a registration number ties two accounts as a shared contact does.
vouched as (

    select
        *,
        coalesce(shared_contact, shared_domain, shared_registration) is not null as is_same_contact,
        coalesce(evidence < {{ thin_evidence }}, false) as is_thin
    from comparison

),

judged as (

    select
        *,
        case
            when decision = 'never' then null
            when decision = 'link' then 'manual'
            when is_other_registration then null
            when
                is_same_name
                and (not is_thin or not is_crowded_name or is_same_family or is_same_contact)
                then 'exact'
            when similarity >= 85 and not is_thin then 'fuzzy'
            when similarity >= 70 and is_same_family then 'parent'
            when similarity >= 70 and is_same_contact then 'contact'
        end as method  -- noqa: RF04
    from vouched

),

-- Why a pair that speaks for itself was not linked; null where there is nothing to decide.
explained as (

    select
        *,
        case
            when method is not null or decision is not null then null
            when is_other_registration and (is_same_name or similarity >= 85) then 'registration'
            when similarity >= 85 then 'thin'
            when similarity >= 70 then 'borderline'
        end as open_question,
        case method
            when 'manual' then 100
            when 'exact' then 100
            when 'fuzzy'
                then least(
                    100,
                    85 + 10 * (cast(least(similarity, 100) as double) - 85) / 15
                    + case when is_same_family then 10 else 0 end
                    + case when shared_contact is not null then 10 else 0 end
                )
            when 'parent' then 90
            when 'contact' then 85
        end as confidence
    from judged

)

select
    account_number_1,
    account_number_2,
    account_id_1,
    account_id_2,
    method,
    open_question,
    cast(coalesce(similarity, 0) as double) as similarity,
    cast(confidence as double) as confidence,
    concat_ws(
        '; ',
        case when method = 'manual' then 'decided by a person' end,
        decision_comment,
        case
            when is_same_name then 'same name'
            when similarity = 100 then 'same name but for region words or the order of words'
            when similarity is not null
                then 'names ' || cast(floor(similarity) as integer) || ' % alike'
            else 'names not compared'
        end,
        case when is_same_family then 'same parent account' end,
        'shared contact ' || shared_contact,
        'same web domain ' || shared_domain,
        'same registration number ' || shared_registration,
        case
            when is_thin and is_crowded_name then 'a name of many accounts'
            when is_thin and not is_same_name then 'made of words that many names hold'
        end,
        case when is_other_registration then 'different registration numbers' end
    ) as evidence,
    is_same_family or is_same_contact as is_vouched,
    is_cross_region
from explained
where method is not null or open_question is not null
