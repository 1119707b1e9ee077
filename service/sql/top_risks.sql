select *
from gold.serving_customer
where
    memory.is_listed($regions, regions, is_top_level, master_regions)
    and churn_risk_level in ('HIGH', 'MEDIUM')
    and arr_usd > 0
order by arr_usd * churn_risk_score desc, customer_id
limit 10
