with component_member as (

    select * from {{ ref('int_link_component') }}

),

conflict as (

    select
        apart.component,
        {{ collect_list(
            'apart.account_number_1', 'apart.account_number_1, apart.account_number_2'
        ) }} as blocked_1,
        {{ collect_list(
            'apart.account_number_2', 'apart.account_number_1, apart.account_number_2'
        ) }} as blocked_2
    from {{ ref('int_master_conflict') }} as apart
    group by apart.component

),

-- Best first: a person's decision, then the surest link.
ranked_link as (

    select
        component_member.component,
        link.account_number_1,
        link.account_number_2,
        row_number() over (
            partition by component_member.component
            order by
                link.method = 'manual' desc,
                link.confidence desc nulls last,
                link.similarity desc nulls last,
                link.account_number_1 asc,
                link.account_number_2 asc
        ) as link_rank
    from {{ ref('int_account_link') }} as link
    inner join component_member on link.account_number_1 = component_member.account_number
    inner join conflict on component_member.component = conflict.component

),

ranked_graph as (

    select
        ranked_link.component,
        {{ collect_list('ranked_link.account_number_1', 'ranked_link.link_rank') }} as links_1,
        {{ collect_list('ranked_link.account_number_2', 'ranked_link.link_rank') }} as links_2
    from ranked_link
    group by ranked_link.component

),

contested as {{ materialized() }} (

    select
        ranked_graph.component,
        master_members(
            ranked_graph.links_1, ranked_graph.links_2, conflict.blocked_1, conflict.blocked_2
        ) as members
    from ranked_graph
    inner join conflict on ranked_graph.component = conflict.component

),

contested_member as (

    select {{ unnest_list('members') }} as pair from contested

),

-- Where nothing stands against it, a connected set of links is a master as it is.
grouped as (

    select
        component_member.account_number,
        component_member.component as master_number
    from component_member
    anti join conflict on component_member.component = conflict.component
    union all
    select
        pair.member as account_number,
        pair.master as master_number
    from contested_member

),

member as (

    select
        account_number,
        master_number,
        count(*) over (partition by master_number) as member_count
    from grouped

)

select
    account.account_id,
    member.account_number,
    'M-' || earliest.account_id as master_account_id,
    member.member_count
from member
inner join {{ ref('int_account_name') }} as account
    on member.account_number = account.account_number
inner join {{ ref('int_account_name') }} as earliest
    on member.master_number = earliest.account_number
where member.member_count > 1
