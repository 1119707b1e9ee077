with scored as {{ materialized() }} (

    select
        pair.name_id_1,
        pair.name_id_2,
        company_similarity(
            name_1.loose_key, name_1.rarities, name_2.loose_key, name_2.rarities, name_1.bits
        ) as score
    from {{ ref('int_name_pair') }} as pair
    inner join {{ ref('int_company_name') }} as name_1 on pair.name_id_1 = name_1.name_id
    inner join {{ ref('int_company_name') }} as name_2 on pair.name_id_2 = name_2.name_id

)

select
    scored.name_id_1,
    scored.name_id_2,
    scored.score.similarity,
    scored.score.evidence
from scored
