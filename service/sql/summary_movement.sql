select
    month,
    sum(opening_usd) as opening_usd,
    sum(new_usd) as new_usd,
    sum(expansion_usd) as expansion_usd,
    sum(contraction_usd) as contraction_usd,
    sum(churned_usd) as churned_usd,
    sum(closing_usd) as closing_usd
from gold.serving_movement
where
    memory.is_listed($regions, regions, is_top_level, master_regions)
group by month
order by month
