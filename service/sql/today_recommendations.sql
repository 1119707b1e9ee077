select
    recommendation.recommendation_id,
    recommendation.customer_id,
    customer.customer_name,
    customer.region,
    customer.owner_name,
    recommendation.rule_id,
    recommendation.priority,
    recommendation.category,
    recommendation.action,
    recommendation.title,
    recommendation.expected_outcome,
    cast(recommendation.estimated_impact_usd as double) as estimated_impact_usd,
    recommendation.rank,
    recommendation.fired_on,
    recommendation.cooldown_days
from gold.recommendations as recommendation
inner join gold.serving_customer as customer
    on recommendation.customer_id = customer.customer_id
where list_contains($customer_ids, recommendation.customer_id)
order by recommendation.customer_id, recommendation.rank
