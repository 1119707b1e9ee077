with support_case as (

    select
        bridge.customer_id,
        cases.priority,
        cases.is_escalated,
        cases.is_sla_breached,
        cast(cases.created_at as date) as opened_on,
        -- A closed case without a closing time was closed at the latest by its last change.
        cast(
            coalesce(cases.closed_at, case when cases.is_closed then cases.last_modified_at end)
            as date
        ) as closed_on,
        {{ hours_between('cases.created_at', 'cases.closed_at') }} as resolution_hours
    from {{ ref('silver_case') }} as cases
    inner join {{ ref('core_customer_account') }} as bridge on cases.account_id = bridge.account_id

),

opened as (

    select
        support_case.customer_id,
        scored_day.as_of,
        count(case when scored_day.in_90_days then 1 end) as cases_90d,
        count(case when scored_day.in_previous_90_days then 1 end) as cases_previous_90d,
        count(
            case
                when scored_day.in_90_days and support_case.priority in ('High', 'Critical') then 1
            end
        ) as high_severity_90d,
        count(case when scored_day.in_90_days and support_case.is_sla_breached then 1 end)
            as sla_breaches_90d
    from support_case
    inner join {{ ref('int_scored_day') }} as scored_day
        on support_case.opened_on = scored_day.day and scored_day.in_180_days
    group by support_case.customer_id, scored_day.as_of

),

closed as (

    select
        support_case.customer_id,
        scored_day.as_of,
        {{ exact_sum('support_case.resolution_hours', 9) }} / count(support_case.resolution_hours)
            as mean_resolution_hours_180d
    from support_case
    inner join {{ ref('int_scored_day') }} as scored_day
        on
            support_case.closed_on = scored_day.day
            and support_case.opened_on <= scored_day.as_of
            and scored_day.in_180_days
    group by support_case.customer_id, scored_day.as_of

),

-- A case closed after as_of was open on as_of.
still_open as (

    select
        support_case.customer_id,
        scored_date.as_of,
        count(*) as open_cases,
        count(case when support_case.is_escalated then 1 end) as escalated_open_cases
    from support_case
    inner join {{ ref('int_date_to_score') }} as scored_date
        on
            support_case.opened_on <= scored_date.as_of
            and (support_case.closed_on is null or support_case.closed_on > scored_date.as_of)
    group by support_case.customer_id, scored_date.as_of

),

-- Silence is information only where the org records cases at all.
recording as (

    select min(cast(created_at as date)) as recorded_from from {{ ref('silver_case') }}

),

counted as (

    select
        service_metric.customer_id,
        service_metric.as_of,
        coalesce(recording.recorded_from <= service_metric.as_of, false) as is_recorded,
        greatest(1, service_metric.active_services) as services,
        coalesce(opened.cases_90d, 0) as cases_90d,
        coalesce(opened.cases_previous_90d, 0) as cases_previous_90d,
        coalesce(opened.high_severity_90d, 0) as high_severity_90d,
        coalesce(opened.sla_breaches_90d, 0) as sla_breaches_90d,
        coalesce(still_open.open_cases, 0) as open_cases,
        coalesce(still_open.escalated_open_cases, 0) as escalated_open_cases,
        closed.mean_resolution_hours_180d
    from {{ ref('int_service_metric') }} as service_metric
    cross join recording
    left join opened
        on
            service_metric.customer_id = opened.customer_id
            and service_metric.as_of = opened.as_of
    left join closed
        on
            service_metric.customer_id = closed.customer_id
            and service_metric.as_of = closed.as_of
    left join still_open
        on
            service_metric.customer_id = still_open.customer_id
            and service_metric.as_of = still_open.as_of

)

select
    customer_id,
    as_of,
    cast(case when is_recorded then open_cases end as integer) as open_cases,
    cast(case when is_recorded then escalated_open_cases end as integer) as escalated_open_cases,
    case when is_recorded then cases_90d / cast(services as double) end as cases_per_service_90d,
    case when is_recorded then (cases_90d - cases_previous_90d) / cast(services as double) end
        as cases_change_90d,
    high_severity_90d / cast(nullif(cases_90d, 0) as double) as high_severity_share_90d,
    mean_resolution_hours_180d,
    cast(case when is_recorded then sla_breaches_90d end as integer) as sla_breaches_90d
from counted
