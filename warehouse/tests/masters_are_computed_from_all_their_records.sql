-- What adds up over records adds up over a master's accounts: it is no average of their figures.
with member as (

    select
        bridge.customer_id,
        metrics.as_of,
        sum(metrics.mrr_usd) as mrr_usd,
        sum(metrics.active_services) as active_services,
        sum(metrics.open_cases) as open_cases,
        sum(metrics.overdue_amount_usd) as overdue_amount_usd,
        max(metrics.max_days_overdue) as max_days_overdue
    from {{ ref('core_customer_account') }} as bridge
    inner join {{ ref('gold_customer_360_current') }} as metrics
        on bridge.account_id = metrics.customer_id
    where bridge.customer_kind = 'master'
    group by bridge.customer_id, metrics.as_of

)

select
    member.*,
    master.mrr_usd as master_mrr_usd,
    master.max_days_overdue as master_max_days_overdue
from member
left join {{ ref('gold_customer_360_current') }} as master
    on member.customer_id = master.customer_id
where
    master.customer_id is null
    or member.mrr_usd <> master.mrr_usd
    or member.active_services <> master.active_services
    or member.open_cases <> master.open_cases
    or member.overdue_amount_usd <> master.overdue_amount_usd
    or member.max_days_overdue <> master.max_days_overdue
