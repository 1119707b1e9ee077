with bridge as (

    select * from {{ ref('core_customer_account') }}

),

member as (

    select * from {{ ref('int_master_member') }}

),

account as (

    select * from {{ ref('silver_account') }}

),

account_owner as (

    select
        user_id,
        user_name
    from {{ ref('silver_user') }}

),

metric as (

    select
        customer_id,
        annual_revenue_usd
    from {{ ref('gold_customer_360_current') }}

),

-- A customer is shown as its account with the most revenue; an account is its own.
ranked as (

    select
        bridge.customer_id,
        bridge.customer_kind,
        account.account_name,
        account.region,
        account.country_code,
        account.segment,
        account_owner.user_name,
        case when bridge.customer_kind = 'account' then member.master_account_id end
            as master_account_id,
        count(*) over (partition by bridge.customer_id) as member_count,
        row_number() over (
            partition by bridge.customer_id
            order by
                metric.annual_revenue_usd desc nulls last,
                account.created_at asc,
                account.account_id asc
        ) as revenue_rank
    from bridge
    inner join account on bridge.account_id = account.account_id
    left join account_owner on account.owner_id = account_owner.user_id
    left join member on bridge.account_id = member.account_id
    left join metric on bridge.account_id = metric.customer_id

)

select
    customer_id,
    customer_kind,
    account_name as customer_name,
    region,
    country_code,
    segment,
    user_name as owner_name,
    master_account_id is null as is_top_level,
    master_account_id,
    member_count
from ranked
where revenue_rank = 1
