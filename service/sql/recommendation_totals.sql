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
    and (
        (cast($regions as varchar[]) is null and customer.is_top_level)
        or (
            list_has_all($regions, customer.regions)
            and (customer.is_top_level or not list_has_all($regions, customer.master_regions))
        )
    )
