with bridge as (

    select * from {{ ref('core_customer_account') }}

),

account as (

    select
        account_id,
        cast(created_at as date) as created_on
    from {{ ref('silver_account') }}

),

master_member as (

    select distinct account_id from bridge
    where customer_kind = 'master'

),

customer as (

    select
        bridge.customer_id,
        bridge.customer_kind,
        bridge.customer_kind = 'master' or count(master_member.account_id) = 0 as is_top_level,
        min(account.created_on) as known_from
    from bridge
    inner join account on bridge.account_id = account.account_id
    left join master_member on bridge.account_id = master_member.account_id
    group by bridge.customer_id, bridge.customer_kind

)

select
    customer.customer_id,
    scored_date.as_of,
    customer.customer_kind,
    customer.is_top_level
from customer
inner join {{ ref('int_date_to_score') }} as scored_date on customer.known_from <= scored_date.as_of
