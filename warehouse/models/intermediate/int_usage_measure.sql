{%- set months = range(13) -%}

with scored_date as (

    select
        as_of,
        {{ month_number('newest_usage_month') }} as newest_month
    from {{ ref('int_date_to_score') }}

),

span as (

    select
        min(newest_month) as first_month,
        max(newest_month) as last_month
    from scored_date

),

usage_month as (

    select
        coalesce(usage.asset_id, usage.account_id) as service_id,
        usage.account_id,
        {{ month_number('usage.usage_month') }} as month_number,
        sum(cast(usage.quantity as double)) as quantity,
        max(cast(usage.created_at as date)) as created_on
    from {{ ref('silver_usage') }} as usage
    cross join span
    where {{ month_number('usage.usage_month') }} between span.first_month - 12 and span.last_month
    group by
        coalesce(usage.asset_id, usage.account_id),
        usage.account_id,
        {{ month_number('usage.usage_month') }}

),

service as (

    select
        service_id,
        account_id,
        min(month_number) as first_month,
        max(month_number) as last_month
    from usage_month
    group by service_id, account_id

),

-- Every month between a service's first and the last in which its usage still matters, so that
-- the months before a row are the rows before it.
service_month as (

    select
        service.service_id,
        service.account_id,
        span.last_month - months_back.number as month_number,
        usage_month.quantity,
        usage_month.created_on
    from service
    cross join span
    inner join {{ number_series(0, 48) }} as months_back
        on
            months_back.number <= span.last_month - service.first_month
            and months_back.number
            >= span.last_month - least(service.last_month + 12, span.last_month)
    left join usage_month
        on
            service.service_id = usage_month.service_id
            and service.account_id = usage_month.account_id
            and span.last_month - months_back.number = usage_month.month_number

),

service_history as (

    select
        service_id,
        account_id,
        month_number as newest_month
        {%- for k in months %}
            ,
            lag(quantity, {{ k }}) over service_window as quantity_{{ k }},
            lag(created_on, {{ k }}) over service_window as created_on_{{ k }}
            {%- endfor %}
    from service_month
    window service_window as (partition by service_id, account_id order by month_number)

),

-- month_0 is the newest complete month on a scored date, month_12 the twelfth before it.
known_history as (

    select
        service_history.service_id,
        service_history.account_id,
        scored_date.as_of
        {%- for k in months %}
            ,
            case
                when service_history.created_on_{{ k }} <= scored_date.as_of
                    then service_history.quantity_{{ k }}
            end as month_{{ k }}
            {%- endfor %}
    from service_history
    inner join scored_date on service_history.newest_month = scored_date.newest_month

),

service_usage as (

    select
        history.service_id,
        history.account_id,
        history.as_of,
        -- A charge of nothing weighs next to nothing, yet equally where no service has a charge.
        greatest(coalesce(cast(charge.monthly_charge_usd as double), 0), 1e-9) as weight,
        coalesce(history.month_0, history.month_1, history.month_2) is not null
        and coalesce(history.month_3, history.month_4, history.month_5) is not null
            as is_in_both_windows,
        coalesce(history.month_0, 0)
        + coalesce(history.month_1, 0)
        + coalesce(history.month_2, 0) as last_3,
        coalesce(history.month_3, 0)
        + coalesce(history.month_4, 0)
        + coalesce(history.month_5, 0) as previous_3,
        (
            {%- for k in months if k > 0 %}
                {{ '+ ' if not loop.first }}coalesce(history.month_{{ k }}, 0)
            {%- endfor %}
        ) / nullif(
            {%- for k in months if k > 0 %}
                {{ '+ ' if not loop.first }}case
                    when history.month_{{ k }} is null then 0
                    else 1
                end
            {%- endfor %}, 0
        ) as mean_12
        {%- for k in months %}
            ,
            history.month_{{ k }}
            {%- endfor %}
    from known_history as history
    left join {{ ref('int_service_charge') }} as charge
        on
            history.service_id = charge.service_id
            and history.as_of = charge.as_of

),

service_change as (

    select
        *,
        case
            when is_in_both_windows and previous_3 > 0
                then least(greatest(last_3 / previous_3 - 1, -1), 2)
        end as usage_change
        {%- for k in months %}
            ,
            month_{{ k }} / nullif(mean_12, 0) as index_{{ k }}
            {%- endfor %}
    from service_usage

),

customer_usage as (

    select
        bridge.customer_id,
        service_change.as_of,
        sum(service_change.weight * service_change.usage_change)
        / sum(case when service_change.usage_change is not null then service_change.weight end)
            as usage_change_90d
        {%- for k in months %}
            ,
            sum(service_change.weight * service_change.index_{{ k }})
            / sum(case when service_change.index_{{ k }} is not null then service_change.weight end)
                as index_{{ k }}
            {%- endfor %}
    from service_change
    inner join {{ ref('core_customer_account') }} as bridge
        on service_change.account_id = bridge.account_id
    group by bridge.customer_id, service_change.as_of

),

deviation as (

    select
        customer_id,
        as_of,
        usage_change_90d,
        index_0 as newest_index,
        {%- set before = [] -%}
        {%- for k in months if k > 0 %}{% do before.append('index_' ~ k) %}{% endfor %}
        (
            {%- for index in before %}
                {{ '+ ' if not loop.first }}case when {{ index }} is null then 0 else 1 end
            {%- endfor %}
        ) as months_of_history,
        {{ median_of(before) }} as median_index,
        {{ median_absolute_deviation_of(before) }} as median_absolute_deviation
    from customer_usage

)

select
    scored_customer.customer_id,
    scored_customer.as_of,
    {{ settled('deviation.usage_change_90d') }} as usage_change_90d,
    case
        when
            deviation.months_of_history >= 6
            -- A spread of rounding size is no spread.
            and deviation.median_absolute_deviation > 1e-9
            then
                {{ settled(
                    '(deviation.newest_index - deviation.median_index)
                    / (1.4826 * deviation.median_absolute_deviation)'
                ) }}
    end as usage_zscore
from {{ ref('int_scored_customer') }} as scored_customer
left join deviation
    on
        scored_customer.customer_id = deviation.customer_id
        and scored_customer.as_of = deviation.as_of
