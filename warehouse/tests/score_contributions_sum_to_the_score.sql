-- Contributions sum to the score: recomputed here from the component columns and the seed's
-- weights, apart from the way the score itself is made. Kept dates carry the weights of their time;
-- of those scored anew, which are made alike, the newest are looked at.
with date_to_score as (

    select as_of
    from {{ ref('int_date_to_score') }}
    order by as_of desc
    limit 3

),

component as (

    {%- for model, score, components in [
        ('gold_health_score', 'health_score',
            ['payment_history', 'support_quality', 'usage_trends', 'engagement']),
        ('gold_churn_risk', 'churn_risk_score',
            ['usage_decline', 'payment_issues', 'support_problems', 'low_engagement']),
    ] %}
        {%- set outer_last = loop.last %}
        {%- for component in components %}
            select
                customer_id,
                as_of,
                '{{ score }}' as score,
                {{ score }} as published_score,
                '{{ component }}' as component,
                {{ component }} as points
            from {{ ref(model) }}
            where {{ score }} is not null
                        {{ 'union all' if not (loop.last and outer_last) }}
        {%- endfor %}
    {%- endfor %}

),

recomputed as (

    select
        component.customer_id,
        component.as_of,
        component.score,
        max(component.published_score) as published_score,
        sum(component.points * score_component.weight)
        / sum(case when component.points is not null then score_component.weight end) as score_value
    from component
    inner join date_to_score on component.as_of = date_to_score.as_of
    inner join {{ ref('score_component') }} as score_component
        on
            component.score = score_component.score
            and component.component = score_component.component
    group by component.customer_id, component.as_of, component.score

),

contributed as (

    select
        customer_id,
        as_of,
        score,
        sum(contribution) as contributions,
        sum(weight) as weights
    from {{ ref('gold_score_contribution') }}
    where as_of in (select date_to_score.as_of from date_to_score)
    group by customer_id, as_of, score

)

select
    recomputed.*,
    contributed.contributions,
    contributed.weights
from recomputed
left join contributed
    on
        recomputed.customer_id = contributed.customer_id
        and recomputed.as_of = contributed.as_of
        and recomputed.score = contributed.score
where
    contributed.contributions is null
    or abs(recomputed.score_value - contributed.contributions) > 1e-6
    or abs(contributed.weights - 1) > 1e-6
    or abs(recomputed.published_score - contributed.contributions) > 0.05 + 1e-6
