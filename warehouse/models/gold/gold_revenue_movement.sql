-- A customer is the accounts behind it today, at every month end: a master that was formed, or has
-- grown, opens with what its accounts had, and nothing counts as new that only changed its name.
with scored as (

    select
        bridge.customer_id,
        metrics.as_of,
        sum(metrics.mrr_usd) as mrr_usd,
        {{ month_number('metrics.as_of') }} as month_number
    from {{ ref('core_customer_account') }} as bridge
    inner join {{ ref('gold_customer_360_metrics') }} as metrics
        on bridge.account_id = metrics.customer_id
    group by bridge.customer_id, metrics.as_of

),

-- A customer that did not exist at the end of the month before opens with nothing.
movement as (

    select
        scored.customer_id,
        {{ month_start('scored.as_of') }} as month,
        coalesce(previous.mrr_usd, 0) as opening_usd,
        coalesce(scored.mrr_usd, 0) as closing_usd
    from scored
    left join scored as previous
        on
            scored.customer_id = previous.customer_id
            and scored.month_number = previous.month_number + 1
    -- The first scored month has no opening on record.
    where scored.month_number > (select min(first_scored.month_number) from scored as first_scored)

)

select
    customer_id,
    month,
    cast(opening_usd as decimal(18, 2)) as opening_usd,
    cast(case when opening_usd = 0 then closing_usd else 0 end as decimal(18, 2)) as new_usd,
    cast(
        case when opening_usd > 0 then greatest(closing_usd - opening_usd, 0) else 0 end
        as decimal(18, 2)
    ) as expansion_usd,
    cast(
        case
            when opening_usd > 0 and closing_usd > 0 then greatest(opening_usd - closing_usd, 0)
            else 0
        end as decimal(18, 2)
    ) as contraction_usd,
    cast(case when closing_usd = 0 then opening_usd else 0 end as decimal(18, 2)) as churned_usd,
    cast(closing_usd as decimal(18, 2)) as closing_usd
from movement
where opening_usd <> 0 or closing_usd <> 0
