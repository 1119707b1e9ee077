with member as (

    select * from {{ ref('int_master_member') }}

)

-- A link that the union refused leads out of the master and does not count.
select
    member_1.master_account_id,
    min(link.confidence) as min_confidence,
    min(link.similarity) as min_similarity,
    -- A single link is a bridge: most masters need not be walked.
    case
        when count(*) = 1 then 1
        else bridge_count(
            {{ collect_list(
                'link.account_number_1', 'link.account_number_1, link.account_number_2'
            ) }},
            {{ collect_list(
                'link.account_number_2', 'link.account_number_1, link.account_number_2'
            ) }}
        )
    end as bridge_count
from {{ ref('int_account_link') }} as link
inner join member as member_1 on link.account_number_1 = member_1.account_number
inner join member as member_2
    on
        link.account_number_2 = member_2.account_number
        and member_1.master_account_id = member_2.master_account_id
group by member_1.master_account_id
