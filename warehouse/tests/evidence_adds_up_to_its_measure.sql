-- The records listed for a measure are those it was computed from: what they add up to is the
-- published value, today and at the newest month end, for some two thousand customers: evidence is
-- made to be read customer by customer.
with scored_date as (

    select as_of
    from {{ ref('core_scored_date') }}
    where not is_kept
    order by as_of desc
    limit 2

),

sample as (

    select customer_id
    from {{ ref('gold_customer_360_current') }}
    order by {{ hash_fraction('customer_id') }}
    limit 2000

),

evidence as (

    select
        evidence.customer_id,
        evidence.as_of,
        sum(case when evidence.measure = 'overdue_amount_usd' then evidence.value end)
            as overdue_amount_usd,
        max(case when evidence.measure = 'max_days_overdue' then evidence.value end)
            as max_days_overdue,
        avg(case when evidence.measure = 'on_time_payment_rate_12m' then evidence.value end)
            as on_time_payment_rate_12m,
        count(case when evidence.measure = 'open_cases' then 1 end) as open_cases,
        count(case when evidence.measure = 'sla_breaches_90d' then 1 end) as sla_breaches_90d,
        avg(case when evidence.measure = 'high_severity_share_90d' then evidence.value end)
            as high_severity_share_90d,
        avg(case when evidence.measure = 'mean_resolution_hours_180d' then evidence.value end)
            as mean_resolution_hours_180d,
        least(
            min(case when evidence.measure = 'days_since_last_contact' then evidence.value end), 365
        )
            as days_since_last_contact,
        count(case when evidence.measure = 'meetings_180d' then 1 end) as meetings_180d,
        avg(case when evidence.measure = 'renewal_rate_24m' then evidence.value end)
            as renewal_rate_24m,
        sum(case when evidence.measure = 'mrr_usd' then evidence.value end) as mrr_usd
    from {{ ref('gold_measure_evidence') }} as evidence
    inner join sample on evidence.customer_id = sample.customer_id
    where
        -- Literals reach the records, unlike a join.
        evidence.as_of in (
            {{ run_as_of() }}, {{ month_end(add_months(run_as_of(), -1)) }}
        )
        -- Named, so that the records of no other measure are read.
        and evidence.measure in (
            'overdue_amount_usd',
            'max_days_overdue',
            'on_time_payment_rate_12m',
            'open_cases',
            'sla_breaches_90d',
            'high_severity_share_90d',
            'mean_resolution_hours_180d',
            'days_since_last_contact',
            'meetings_180d',
            'renewal_rate_24m',
            'mrr_usd'
        )
    group by evidence.customer_id, evidence.as_of

)

select
    metrics.customer_id,
    metrics.as_of
from {{ ref('gold_customer_360_metrics') }} as metrics
inner join scored_date on metrics.as_of = scored_date.as_of
inner join evidence
    on metrics.customer_id = evidence.customer_id and metrics.as_of = evidence.as_of
where
    abs(coalesce(metrics.overdue_amount_usd, 0) - coalesce(evidence.overdue_amount_usd, 0)) > 0.005
    or coalesce(metrics.max_days_overdue, 0) <> coalesce(evidence.max_days_overdue, 0)
    or abs(metrics.on_time_payment_rate_12m - evidence.on_time_payment_rate_12m) > 1e-9
    or metrics.open_cases <> evidence.open_cases
    or metrics.sla_breaches_90d <> evidence.sla_breaches_90d
    or abs(metrics.high_severity_share_90d - evidence.high_severity_share_90d) > 1e-9
    or abs(metrics.mean_resolution_hours_180d - evidence.mean_resolution_hours_180d) > 1e-9
    or (
        metrics.active_services > 0
        and metrics.days_since_last_contact
        <> coalesce(evidence.days_since_last_contact, metrics.days_since_last_contact)
    )
    or metrics.meetings_180d <> evidence.meetings_180d
    or abs(metrics.renewal_rate_24m - evidence.renewal_rate_24m) > 1e-9
    or (
        metrics.mrr_source = 'asset'
        and abs(metrics.mrr_usd - coalesce(evidence.mrr_usd, 0)) > 0.005
    )
