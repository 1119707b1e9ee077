with run as (

    select cast({{ run_as_of() }} as date) as as_of

),

month_end as (

    select {{ month_end(add_months('run.as_of', '-months_back.number')) }} as as_of
    from run
    cross join {{ number_series(1, 24) }} as months_back

)

select
    as_of,
    true as is_month_end,
    false as is_current
from month_end
union all
select
    as_of,
    as_of = {{ month_end('as_of') }} as is_month_end,
    true as is_current
from run
