with graph as materialized (

    select
        link_components(
            list(account_number_1 order by account_number_1, account_number_2),
            list(account_number_2 order by account_number_1, account_number_2)
        ) as members
    from {{ ref('int_account_link') }}

),

member as (

    select unnest(members) as pair from graph

)

select
    pair.member as account_number,
    pair.master as component
from member
