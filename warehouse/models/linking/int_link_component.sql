with graph as {{ materialized() }} (

    select
        link_components(
            {{ collect_list('account_number_1', 'account_number_1, account_number_2') }},
            {{ collect_list('account_number_2', 'account_number_1, account_number_2') }}
        ) as members
    from {{ ref('int_account_link') }}

),

member as (

    select {{ unnest_list('members') }} as pair from graph

)

select
    pair.member as account_number,
    pair.master as component
from member
