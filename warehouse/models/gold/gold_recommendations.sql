with rule as (

    select * from {{ ref('recommendation_rule') }}
    where enabled

),

condition as (

    select
        rule_condition.rule_id,
        rule_condition.metric,
        rule_condition.operator,
        cast(rule_condition.threshold as double) as threshold,
        rule.stages
    from {{ ref('recommendation_condition') }} as rule_condition
    inner join rule on rule_condition.rule_id = rule.rule_id

),

fired as (

    select
        metrics.customer_id,
        metrics.as_of,
        condition.rule_id
    from {{ ref('gold_customer_360_current') }} as metrics
    inner join condition on {{ is_for_stage('condition.stages', 'metrics.lifecycle_stage') }}
    group by metrics.customer_id, metrics.as_of, condition.rule_id
    having
        bool_and(
            {{ condition_holds(
                metric_value('condition.metric', 'metrics'), 'condition.operator',
                'condition.threshold',
            ) }}
        )

),

-- The scored history of what fires today, to see since when it has done so without a break.
history as (

    select
        fired.customer_id,
        fired.rule_id,
        metrics.as_of,
        bool_and(
            {{ is_for_stage('condition.stages', 'metrics.lifecycle_stage') }}
            and {{ condition_holds(
                metric_value('condition.metric', 'metrics'), 'condition.operator',
                'condition.threshold',
            ) }}
        ) as is_fired
    from fired
    inner join condition on fired.rule_id = condition.rule_id
    inner join {{ ref('gold_customer_360_metrics') }} as metrics
        on fired.customer_id = metrics.customer_id
    group by fired.customer_id, fired.rule_id, metrics.as_of

),

quiet as (

    select
        customer_id,
        rule_id,
        max(as_of) as last_quiet_on
    from history
    where not is_fired
    group by customer_id, rule_id

),

firing as (

    select
        history.customer_id,
        history.rule_id,
        min(history.as_of) as fired_on
    from history
    left join quiet
        on history.customer_id = quiet.customer_id and history.rule_id = quiet.rule_id
    where quiet.last_quiet_on is null or history.as_of > quiet.last_quiet_on
    group by history.customer_id, history.rule_id

),

estimated as (

    select
        fired.customer_id,
        fired.as_of,
        rule.*,
        firing.fired_on,
        cast(
            {{ metric_value('rule.impact_metric', 'metrics') }} * rule.impact_factor
            as decimal(18, 2)
        ) as estimated_impact_usd
    from fired
    inner join rule on fired.rule_id = rule.rule_id
    inner join firing
        on fired.customer_id = firing.customer_id and fired.rule_id = firing.rule_id
    inner join {{ ref('gold_customer_360_current') }} as metrics
        on fired.customer_id = metrics.customer_id

)

select
    md5(customer_id || '|' || rule_id) as recommendation_id,
    customer_id,
    rule_id,
    priority,
    category,
    action,
    title,
    expected_outcome,
    estimated_impact_usd,
    cast(
        row_number() over (
            partition by customer_id
            order by
                case priority when 'HIGH' then 1 when 'MEDIUM' then 2 else 3 end,
                estimated_impact_usd desc nulls last,
                rule_id asc
        ) as integer
    ) as rank,
    fired_on,
    cast(cooldown_days as integer) as cooldown_days,
    as_of
from estimated
