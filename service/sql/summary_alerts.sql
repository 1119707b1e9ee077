select
    alert.severity,
    cast(count(*) as integer) as count
from gold.risk_alerts as alert
inner join gold.serving_customer as customer on alert.customer_id = customer.customer_id
where
    memory.is_listed($regions, customer.regions, customer.is_top_level, customer.master_regions)
group by alert.severity
order by case alert.severity when 'HIGH' then 1 when 'MEDIUM' then 2 else 3 end
