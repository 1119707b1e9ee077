select
    customer.customer_id,
    -(
        matched.points
        + case
            when customer.folded_name = lower(strip_accents($text)) then 8.0
            when starts_with(customer.folded_name, lower(strip_accents($text))) then 4.0
            else 0.0
        end
    ) as sort_number,
    lpad(cast(cast(1e15 - coalesce(customer.mrr_usd, 0) as bigint) as varchar), 16, '0')
        as sort_text
from matched
inner join gold.serving_customer as customer on matched.customer_id = customer.customer_id
where
    memory.may_see($regions, customer.regions)
    and memory.is_at_stage($stage, customer.lifecycle_stage, customer.is_scored)
    and (cast($kind as varchar) is null or customer.customer_kind = $kind)
    and (cast($region as varchar) is null or customer.region = $region)
    and (cast($segment as varchar) is null or customer.segment = $segment)
    and (cast($owner as varchar) is null or customer.owner_name = $owner)
    and (cast($health as varchar) is null or customer.health_category = $health)
    and (cast($churn as varchar) is null or customer.churn_risk_level = $churn)
    and (cast($min_mrr as double) is null or customer.mrr_usd >= $min_mrr)
