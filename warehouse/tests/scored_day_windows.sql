-- Windows count back from as_of and include it: 90 days are 90 days, 12 months begin a day after
-- the same day of the year before.
select
    as_of,
    count(case when in_90_days then 1 end) as days_90,
    min(case when in_12_months then day end) as first_of_12_months
from {{ ref('int_scored_day') }}
group by as_of
having
    count(case when in_90_days then 1 end) <> 90
    or count(case when in_previous_90_days then 1 end) <> 90
    or count(case when in_180_days then 1 end) <> 180
    or max(day) <> as_of
    or not bool_or(day = as_of and in_90_days and in_6_months and in_12_months)
    or min(case when in_12_months then day end)
    <> {{ add_days(add_months('as_of', -12), 1) }}
    or max(case when in_previous_6_months then day end) <> {{ add_months('as_of', -6) }}
    or min(day) <> {{ add_days(add_months('as_of', -24), 1) }}
