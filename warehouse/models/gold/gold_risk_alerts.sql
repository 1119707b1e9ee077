with rule as (

    select
        *,
        case severity when 'HIGH' then 1 when 'MEDIUM' then 2 else 3 end as severity_rank
    from {{ ref('alert_rule') }}
    where enabled

),

-- Of a ladder (rows with the same code) the most severe row that holds.
candidate as (

    select
        metrics.customer_id,
        metrics.as_of,
        rule.*,
        {{ metric_value('rule.metric', 'metrics') }} as value,
        {{ metric_value('rule.stake_metric', 'metrics') }} as stake_usd,
        row_number() over (
            partition by metrics.customer_id, rule.alert_code
            order by rule.severity_rank, rule.threshold
        ) as severity_order
    from {{ ref('gold_customer_360_current') }} as metrics
    inner join rule on {{ is_for_stage('rule.stages', 'metrics.lifecycle_stage') }}
    where
        {{ condition_holds(
            metric_value('rule.metric', 'metrics'), 'rule.operator', 'rule.threshold',
            'rule.upper_threshold',
        ) }}

),

raised as (

    select *
    from candidate
    where severity_order = 1

),

-- What several alerts of a customer have at stake in the same money counts once.
stake as (

    select
        customer_id,
        stake_metric,
        max(stake_usd) as stake_usd
    from raised
    group by customer_id, stake_metric

),

customer_stake as (

    select
        customer_id,
        sum(stake_usd) as stake_usd,
        count(*) = count(stake_usd) as is_known
    from stake
    group by customer_id

),

owner_revenue as (

    select
        customer.owner_name,
        sum(cast(metrics.mrr_usd as double)) as mrr_usd
    from {{ ref('gold_customer') }} as customer
    inner join {{ ref('gold_customer_360_current') }} as metrics
        on customer.customer_id = metrics.customer_id
    where customer.is_top_level
    group by customer.owner_name

),

-- The scored history of what is raised today, to see since when it has been so without a break.
history as (

    select
        raised.customer_id,
        raised.alert_code,
        metrics.as_of,
        bool_or(
            {{ is_for_stage('rule.stages', 'metrics.lifecycle_stage') }}
            and {{ condition_holds(
                metric_value('rule.metric', 'metrics'), 'rule.operator', 'rule.threshold',
                'rule.upper_threshold',
            ) }}
        ) as is_raised
    from raised
    inner join rule on raised.alert_code = rule.alert_code
    inner join {{ ref('gold_customer_360_metrics') }} as metrics
        on raised.customer_id = metrics.customer_id
    group by raised.customer_id, raised.alert_code, metrics.as_of

),

quiet as (

    select
        customer_id,
        alert_code,
        max(as_of) as last_quiet_on
    from history
    where not is_raised
    group by customer_id, alert_code

),

opening as (

    select
        history.customer_id,
        history.alert_code,
        min(history.as_of) as opened_on
    from history
    left join quiet
        on
            history.customer_id = quiet.customer_id
            and history.alert_code = quiet.alert_code
    where quiet.last_quiet_on is null or history.as_of > quiet.last_quiet_on
    group by history.customer_id, history.alert_code

)

select
    md5(raised.customer_id || '|' || raised.alert_code) as alert_id,
    raised.customer_id,
    raised.alert_code,
    raised.alert_type,
    raised.severity,
    raised.metric,
    raised.value,
    raised.operator,
    cast(raised.threshold as double) as threshold,
    cast(raised.upper_threshold as double) as upper_threshold,
    {{ fill_message('raised.message', 'metrics') }} as message,
    raised.stake_metric,
    cast(raised.stake_usd as decimal(18, 2)) as stake_usd,
    cast(customer_stake.stake_usd as decimal(18, 2)) as customer_stake_usd,
    -- Money that is not known is not small.
    coalesce(
        customer_stake.is_known
        and customer_stake.stake_usd < {{ var('small_stake_share') }} * owner_revenue.mrr_usd,
        false
    ) as is_small,
    opening.opened_on,
    raised.as_of
from raised
inner join opening
    on raised.customer_id = opening.customer_id and raised.alert_code = opening.alert_code
inner join {{ ref('gold_customer_360_current') }} as metrics
    on raised.customer_id = metrics.customer_id
inner join customer_stake on raised.customer_id = customer_stake.customer_id
left join {{ ref('gold_customer') }} as customer on raised.customer_id = customer.customer_id
left join owner_revenue
    on coalesce(customer.owner_name, '') = coalesce(owner_revenue.owner_name, '')
