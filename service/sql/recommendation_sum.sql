select
    cast(count(*) as integer) as recommendations,
    cast(sum(recommendation.estimated_impact_usd) as double) as estimated_impact_usd
from gold.recommendations as recommendation
inner join gold.serving_customer as customer
    on recommendation.customer_id = customer.customer_id
where
    memory.is_listed($regions, customer.regions, customer.is_top_level, customer.master_regions)
