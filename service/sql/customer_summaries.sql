-- A list of literals is answered by the index; a parameter is planned as a join with all customers.
select
    customer_id,
    customer_name,
    customer_kind,
    region,
    segment,
    country_code,
    owner_name,
    lifecycle_stage,
    left_on,
    leaves_on,
    mrr_usd,
    health_score,
    health_category,
    churn_risk_score,
    churn_risk_level,
    open_alerts
from gold.serving_customer
where customer_id in ($customer_ids)
