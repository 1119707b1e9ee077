with scored_date as (

    select
        as_of,
        is_month_end,
        max(as_of) over () as last_as_of
    from {{ ref('core_scored_date') }}

),

horizon as (

    {%- for days in var('churn_horizon_days') %}
    {{ 'union all ' if not loop.first }}select {{ days }} as horizon_days
    {%- endfor %}

),

-- Only month ends with a full horizon behind them have an outcome.
outcome_date as (

    select
        scored_date.as_of,
        horizon.horizon_days,
        {{ add_days('scored_date.as_of', 'horizon.horizon_days') }} as outcome_on
    from scored_date
    cross join horizon
    where
        scored_date.is_month_end
        and {{ add_days('scored_date.as_of', 'horizon.horizon_days') }} <= scored_date.last_as_of

),

-- Customers with a charged service on an outcome date.
survivor as (

    select distinct
        bridge.customer_id,
        outcome_date.as_of,
        outcome_date.horizon_days
    from {{ ref('int_service') }} as service
    inner join
        {{ ref('core_customer_account') }} as bridge
        on service.account_id = bridge.account_id
    inner join outcome_date
        on
            service.started_on <= outcome_date.outcome_on
            and (service.ended_on is null or service.ended_on >= outcome_date.outcome_on)
    where coalesce(service.fixed_monthly_charge_usd, service.monthly_charge) > 0

),

revenue as (

    select
        customer_id,
        as_of,
        mrr_usd
    from {{ ref('int_customer_measure') }}
    union all
    select
        customer_id,
        as_of,
        mrr_usd
    from {{ ref('int_kept_customer_360_metrics') }}

),

master_of_account as (

    select
        account_id,
        customer_id as master_account_id
    from {{ ref('core_customer_account') }}
    where customer_kind = 'master'

)

select
    churn.customer_id,
    churn.as_of,
    outcome_date.horizon_days,
    churn.churn_risk_score,
    churn.churn_risk_level,
    revenue.mrr_usd,
    survivor.customer_id is null as is_churned
from {{ ref('gold_churn_risk') }} as churn
inner join revenue
    on churn.customer_id = revenue.customer_id and churn.as_of = revenue.as_of
inner join outcome_date on churn.as_of = outcome_date.as_of
left join master_of_account on churn.customer_id = master_of_account.account_id
left join {{ ref('gold_churn_risk') }} as master_churn
    on
        master_of_account.master_account_id = master_churn.customer_id
        and churn.as_of = master_churn.as_of
left join survivor
    on
        churn.customer_id = survivor.customer_id
        and churn.as_of = survivor.as_of
        and outcome_date.horizon_days = survivor.horizon_days
where
    revenue.mrr_usd > 0
    and churn.churn_risk_score is not null
    -- Nobody is judged twice: not by an account and by the master that was scored on that day.
    and master_churn.customer_id is null
