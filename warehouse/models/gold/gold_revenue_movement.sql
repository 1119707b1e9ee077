with bridge as (

    select
        customer_id,
        account_id
    from {{ ref('core_customer_account') }}

),

-- A customer is the accounts behind it today, at every month end: a master that was formed, or has
-- grown, opens with what its accounts had, and nothing counts as new that only changed its name. On
-- the days that are scored that is its own figure: a service that moved to a younger account of the
-- same master was the master's before that account was there.
measured as (

    select
        bridge.customer_id,
        metrics.as_of,
        sum(metrics.mrr_usd) as mrr_usd
    from bridge
    inner join {{ ref('gold_customer_360_metrics') }} as metrics
        on bridge.account_id = metrics.customer_id
    inner join {{ ref('core_scored_date') }} as scored_date on metrics.as_of = scored_date.as_of
    where scored_date.is_kept
    group by bridge.customer_id, metrics.as_of
    union all
    select
        metrics.customer_id,
        metrics.as_of,
        metrics.mrr_usd
    from {{ ref('gold_customer_360_metrics') }} as metrics
    inner join {{ ref('core_scored_date') }} as scored_date on metrics.as_of = scored_date.as_of
    where not scored_date.is_kept

),

-- Days without a service, between one that ended and the next.
pause as (

    select
        measured.customer_id,
        measured.as_of,
        max(case when service.ended_on < measured.as_of then service.ended_on end) as ended_on,
        min(case when service.started_on > measured.as_of then service.started_on end) as started_on
    from measured
    inner join bridge on measured.customer_id = bridge.customer_id
    inner join {{ ref('int_service') }} as service on bridge.account_id = service.account_id
    where
        measured.mrr_usd = 0
        and coalesce(service.fixed_monthly_charge_usd, service.monthly_charge) > 0
    group by measured.customer_id, measured.as_of

),

-- A service that follows another within 31 days takes its place: a month end in between carries on
-- what was there before, so that an upgrade is no loss and no gain of a customer. So short a pause
-- holds two month ends at most.
scored as (

    select
        measured.customer_id,
        {{ month_number('measured.as_of') }} as month_number,
        measured.as_of,
        case
            when {{ days_between('pause.ended_on', 'pause.started_on') }} <= 31
                then coalesce(
                    nullif(lag(measured.mrr_usd, 1) over history, 0),
                    lag(measured.mrr_usd, 2) over history,
                    0
                )
            else measured.mrr_usd
        end as mrr_usd
    from measured
    left join pause
        on measured.customer_id = pause.customer_id and measured.as_of = pause.as_of
    window history as (partition by measured.customer_id order by measured.as_of)

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
