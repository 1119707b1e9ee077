with listed as (

    select
        recommendation.recommendation_id,
        recommendation.customer_id,
        customer.customer_name,
        customer.region,
        customer.owner_name,
        recommendation.rule_id,
        recommendation.priority,
        recommendation.category,
        recommendation.action,
        recommendation.title,
        recommendation.expected_outcome,
        cast(recommendation.estimated_impact_usd as double) as estimated_impact_usd,
        recommendation.rank,
        recommendation.fired_on,
        recommendation.cooldown_days,
        recommendation.as_of,
        customer.arr_usd,
        case recommendation.priority when 'HIGH' then 1 when 'MEDIUM' then 2 else 3 end
            as sort_rank,
        -coalesce(cast(recommendation.estimated_impact_usd as double), -1)
            as sort_number,
        count(*) over () as total
    from gold.recommendations as recommendation
    inner join gold.serving_customer as customer
        on recommendation.customer_id = customer.customer_id
    where
        memory.may_see($regions, customer.regions)
        and (
            cast($recommendation_id as varchar) is null
            or recommendation.recommendation_id = $recommendation_id
        )
        and (cast($customer_id as varchar) is null or recommendation.customer_id = $customer_id)
        and (
            cast($recommendation_id as varchar) is not null
            or cast($customer_id as varchar) is not null
            or memory.stands_alone($regions, customer.is_top_level, customer.master_regions)
        )
        and (cast($priority as varchar) is null or recommendation.priority = $priority)
        and (cast($rule as varchar) is null or recommendation.rule_id = $rule)
        and (cast($region as varchar) is null or customer.region = $region)
        and (cast($owner as varchar) is null or customer.owner_name = $owner)
        and (
            cast($listed_ids as varchar[]) is null
            or list_contains($listed_ids, recommendation.recommendation_id)
        )
        and (
            cast($left_out_ids as varchar[]) is null
            or not list_contains($left_out_ids, recommendation.recommendation_id)
        )

)

select *
from listed
where
    cast($after_id as varchar) is null
    or (sort_rank, sort_number, recommendation_id)
    > (cast($after_rank as integer), cast($after_number as double), cast($after_id as varchar))
order by sort_rank, sort_number, recommendation_id
limit $row_limit
