with corporate as (

    select
        coalesce(
            max(
                case
                    when {{ to_boolean('is_corporate') }} then {{ currency_code('currency_code') }}
                end
            ),
            '{{ var("corporate_currency") }}'
        ) as currency_code
    from {{ newest_version(ref('base_currency_type'), 'currency_type_id') }} as currency_type

),

-- Units of a currency for one unit of the corporate currency, from a day on.
dated as (

    select
        {{ currency_code('currency_code') }} as currency_code,
        {{ to_date('start_date') }} as rate_date,
        {{ to_decimal('conversion_rate', 18, 8) }} as units
    from {{ newest_version(
        ref('base_dated_conversion_rate'), 'dated_conversion_rate_id'
    ) }} as dated_conversion_rate

),

dollar as (

    select
        rate_date,
        units
    from dated
    where currency_code = 'USD' and units > 0
    union all
    select
        date '1700-01-01' as rate_date,
        1 as units
    from corporate
    where currency_code = 'USD'

),

-- A currency's rate to the dollar moves on its own days and on those of the dollar.
change_day as (

    select
        currency_code,
        rate_date
    from dated
    union
    select
        dated.currency_code,
        dollar.rate_date
    from dated
    inner join dollar on dated.rate_date < dollar.rate_date

),

-- The two sides are looked up one by one: together every rate would meet every dollar rate.
own_rate as (

    select
        change_day.currency_code,
        change_day.rate_date,
        max_by(dated.units, dated.rate_date) as units
    from change_day
    inner join dated
        on
            change_day.currency_code = dated.currency_code
            and change_day.rate_date >= dated.rate_date
            and dated.units > 0
    where change_day.currency_code <> 'USD'
    group by change_day.currency_code, change_day.rate_date

),

dollar_rate as (

    select
        change_day.rate_date,
        max_by(dollar.units, dollar.rate_date) as units
    from (select distinct rate_date from change_day) as change_day
    inner join dollar on change_day.rate_date >= dollar.rate_date
    group by change_day.rate_date

),

org_rate as (

    select
        own_rate.currency_code,
        own_rate.rate_date,
        dollar_rate.units / own_rate.units as rate_to_usd
    from own_rate
    inner join dollar_rate on own_rate.rate_date = dollar_rate.rate_date

),

feed as (

    select
        {{ currency_code('currency_code') }} as currency_code,
        {{ to_date('rate_date') }} as rate_date,
        max_by({{ to_decimal('rate_to_usd', 18, 12) }}, extracted_at) as rate_to_usd
    from {{ ref('base_exchange_rate') }}
    group by {{ currency_code('currency_code') }}, {{ to_date('rate_date') }}

),

rate as (

    select
        currency_code,
        rate_date,
        cast(rate_to_usd as decimal(18, 12)) as rate_to_usd,
        'DatedConversionRate' as rate_source,
        1 as priority
    from org_rate
    union all
    select
        currency_code,
        rate_date,
        rate_to_usd,
        'ExchangeRate' as rate_source,
        2 as priority
    from feed
    union all
    select
        currency_code,
        rate_date,
        cast(rate_to_usd as decimal(18, 12)) as rate_to_usd,
        'seed' as rate_source,
        3 as priority
    from {{ ref('exchange_rate') }}

),

-- From its first day on, a source hides those that come after it in the order.
ranked as (

    select
        *,
        min(rate_date) over (
            partition by currency_code
            order by priority
            range between unbounded preceding and 1 preceding
        ) as hidden_from
    from rate
    where rate_to_usd > 0 and currency_code is not null and rate_date is not null

)

select
    currency_code,
    rate_date,
    rate_to_usd,
    rate_source
from ranked
where hidden_from is null or rate_date < hidden_from
