with run as (

    select cast({{ run_as_of() }} as date) as as_of

),

scored as (

    select
        {{ month_end(add_months('run.as_of', '-months_back.number')) }} as as_of,
        false as is_current
    from run
    cross join {{ number_series(1, 24) }} as months_back
    union all
    select
        as_of,
        true as is_current
    from run

),

-- A month is complete once it is over and its usage is on record: on its own last day, or while the
-- first records are still to come, the newest complete month is the one before.
recorded_usage as (

    select
        usage_month,
        min(cast(created_at as date)) as recorded_from
    from {{ ref('silver_usage') }}
    group by usage_month

),

usage_month as (

    select
        scored.as_of,
        max(recorded_usage.usage_month) as newest_usage_month
    from scored
    inner join recorded_usage
        on
            recorded_usage.usage_month < {{ month_start('scored.as_of') }}
            and scored.as_of >= recorded_usage.recorded_from
    group by scored.as_of

)

select
    scored.as_of,
    scored.as_of = {{ month_end('scored.as_of') }} as is_month_end,
    scored.is_current,
    published.as_of is not null and not scored.is_current as is_kept,
    usage_month.newest_usage_month
from scored
left join {{ ref('int_published_date') }} as published on scored.as_of = published.as_of
left join usage_month on scored.as_of = usage_month.as_of
