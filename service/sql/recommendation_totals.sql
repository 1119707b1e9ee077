select
    recommendation.recommendation_id,
    recommendation.customer_id,
    recommendation.fired_on,
    recommendation.cooldown_days,
    cast(recommendation.estimated_impact_usd as double) as estimated_impact_usd
from gold.recommendations as recommendation
inner join gold.serving_customer as customer
    on recommendation.customer_id = customer.customer_id
where
    list_contains($decided, recommendation.recommendation_id)
    and memory.is_listed($regions, customer.regions, customer.is_top_level, customer.master_regions)
