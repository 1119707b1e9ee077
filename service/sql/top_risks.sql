select *
from gold.serving_customer
where
    (
        (cast($regions as varchar[]) is null and is_top_level)
        or (
            list_has_all($regions, regions)
            and (is_top_level or not list_has_all($regions, master_regions))
        )
    )
    and churn_risk_level in ('HIGH', 'MEDIUM')
    and arr_usd > 0
order by arr_usd * churn_risk_score desc, customer_id
limit 10
