select
    movement.month,
    customer.regions,
    customer.master_regions,
    customer.is_top_level,
    cast(sum(movement.opening_usd) as double) as opening_usd,
    cast(sum(movement.new_usd) as double) as new_usd,
    cast(sum(movement.expansion_usd) as double) as expansion_usd,
    cast(sum(movement.contraction_usd) as double) as contraction_usd,
    cast(sum(movement.churned_usd) as double) as churned_usd,
    cast(sum(movement.closing_usd) as double) as closing_usd
from {{ ref('gold_revenue_movement') }} as movement
inner join {{ ref('serving_customer') }} as customer
    on movement.customer_id = customer.customer_id
group by 1, 2, 3, 4
order by 1
