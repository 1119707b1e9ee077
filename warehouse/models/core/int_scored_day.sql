with scored_date as (

    select
        as_of,
        {{ add_months('as_of', -6) }} as six_months_before,
        {{ add_months('as_of', -12) }} as twelve_months_before,
        {{ add_months('as_of', -24) }} as twenty_four_months_before
    from {{ ref('int_date_to_score') }}

),

day_before as (

    select
        scored_date.*,
        {{ add_days('scored_date.as_of', '-days.number') }} as day,
        days.number as days_before
    from scored_date
    cross join {{ number_series(0, 731) }} as days

)

select
    as_of,
    day,
    days_before < 90 as in_90_days,
    days_before between 90 and 179 as in_previous_90_days,
    days_before < 180 as in_180_days,
    day > six_months_before as in_6_months,
    day > twelve_months_before and day <= six_months_before as in_previous_6_months,
    day > twelve_months_before as in_12_months
from day_before
where day > twenty_four_months_before
