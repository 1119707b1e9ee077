-- Reads `candidate`: all of gold.serving_customer, or what a search found of it.
with visible as (

    select
        customer_id,
        coalesce(
            case $sort
                when 'name' then 0.0
                when 'mrr_usd' then mrr_usd
                when '-mrr_usd' then -mrr_usd
                when 'health_score' then health_score
                when '-health_score' then -health_score
                when 'churn_risk_score' then churn_risk_score
                when '-churn_risk_score' then -churn_risk_score
            end,
            1e300
        ) as sort_number,
        case $sort when 'name' then folded_name else '' end as sort_text
    from candidate
    where
        memory.may_see($regions, regions)
        and (
            cast($kind as varchar) is not null
            or memory.stands_alone($regions, is_top_level, master_regions)
        )
        and memory.is_at_stage($stage, lifecycle_stage, is_scored)
        and (cast($kind as varchar) is null or customer_kind = $kind)
        and (cast($region as varchar) is null or region = $region)
        and (cast($segment as varchar) is null or segment = $segment)
        and (cast($owner as varchar) is null or owner_name = $owner)
        and (cast($health as varchar) is null or health_category = $health)
        and (cast($churn as varchar) is null or churn_risk_level = $churn)
        and (cast($min_mrr as double) is null or mrr_usd >= $min_mrr)

),

counted as (

    select
        *,
        count(*) over () as total
    from visible

)

select *
from counted
where
    cast($after_id as varchar) is null
    or (sort_number, sort_text, customer_id)
    > (cast($after_number as double), cast($after_text as varchar), cast($after_id as varchar))
order by sort_number, sort_text, customer_id
limit $row_limit
