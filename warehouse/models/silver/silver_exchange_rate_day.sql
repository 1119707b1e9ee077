with rate as (

    select
        currency_code,
        rate_date,
        rate_to_usd,
        lead(rate_date) over (partition by currency_code order by rate_date) as next_rate_date
    from {{ ref('silver_exchange_rate') }}
    where rate_date <= {{ run_as_of() }}

),

span as (

    select
        currency_code,
        rate_to_usd,
        rate_date,
        {{ day_series(
            'rate_date', 'coalesce(' ~ add_days('next_rate_date', -1) ~ ', ' ~ run_as_of() ~ ')'
        ) }} as rate_days
    from rate

)

select
    currency_code,
    {{ unnest_list('rate_days') }} as rate_day,
    rate_to_usd as exchange_rate,
    rate_date as exchange_rate_date
from span
