with service as (

    select * from {{ ref('int_service') }}

)

select
    service.service_id,
    service.account_id,
    service.counted_id,
    scored_date.as_of,
    service.service_source,
    service.started_on <= scored_date.as_of
    and (service.ended_on is null or service.ended_on >= scored_date.as_of) as is_active,
    service.started_on <= {{ add_months('scored_date.as_of', -12) }}
    and (
        service.ended_on is null
        or service.ended_on >= {{ add_months('scored_date.as_of', -12) }}
    ) as was_active_a_year_ago,
    coalesce(
        service.fixed_monthly_charge_usd,
        {{ to_usd('service.monthly_charge') }}
    ) as monthly_charge_usd
from service
inner join {{ ref('int_date_to_score') }} as scored_date
    on
        service.created_on <= scored_date.as_of
        and service.started_on <= scored_date.as_of
left join {{ ref('silver_exchange_rate_day') }} as rate
    on
        scored_date.as_of = rate.rate_day
        and service.currency_code = rate.currency_code
where
    service.ended_on is null
    or service.ended_on >= {{ add_months('scored_date.as_of', -12) }}
