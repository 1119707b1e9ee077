with member as (

    select * from {{ ref('int_master_member') }}

),

master as (

    select * from {{ ref('int_master') }}

),

account as (

    select * from {{ ref('silver_account') }}

),

metric as (

    select
        customer_id,
        annual_revenue_usd
    from {{ ref('gold_customer_360_current') }}

),

member_account as (

    select
        member.master_account_id,
        account.account_id,
        account.account_name,
        account.created_at,
        account.region,
        metric.annual_revenue_usd,
        sum(metric.annual_revenue_usd) over (
            partition by member.master_account_id, account.region
        ) as region_revenue_usd
    from member
    inner join account on member.account_id = account.account_id
    left join metric on account.account_id = metric.customer_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by master_account_id
            order by annual_revenue_usd desc nulls last, created_at asc, account_id asc
        ) as revenue_rank,
        row_number() over (
            partition by master_account_id
            order by
                region is null asc,
                region_revenue_usd desc nulls last,
                created_at asc,
                account_id asc
        ) as region_rank
    from member_account

),

summarised as (

    select
        master_account_id,
        max(case when revenue_rank = 1 then account_name end) as name,  -- noqa: RF04
        count(*) as member_count,
        max(case when region_rank = 1 then region end) as primary_region
    from ranked
    group by master_account_id

),

region as (

    select
        master_account_id,
        {{ text_list('region', 'region') }} as regions
    from (
        select distinct
            master_account_id,
            region
        from member_account
    ) as distinct_region
    group by master_account_id

)

select
    summarised.master_account_id,
    summarised.name,
    summarised.member_count,
    region.regions,
    metric.annual_revenue_usd,
    summarised.primary_region,
    master.min_confidence,
    master.min_similarity,
    master.bridge_count
from summarised
inner join region on summarised.master_account_id = region.master_account_id
left join master on summarised.master_account_id = master.master_account_id
left join metric on summarised.master_account_id = metric.customer_id
