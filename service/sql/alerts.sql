with listed as (

    select
        alert.alert_id,
        alert.customer_id,
        customer.customer_name,
        customer.region,
        customer.owner_name,
        alert.alert_code,
        alert.alert_type,
        alert.severity,
        alert.metric,
        alert.value,
        alert.threshold,
        alert.message,
        alert.stake_usd,
        alert.customer_stake_usd,
        alert.is_small,
        alert.opened_on,
        alert.as_of,
        customer.mrr_usd,
        case alert.severity when 'HIGH' then 1 when 'MEDIUM' then 2 else 3 end as sort_rank,
        -coalesce(cast(alert.customer_stake_usd as double), 0) as sort_number,
        count(*) over () as total
    from gold.risk_alerts as alert
    inner join gold.serving_customer as customer on alert.customer_id = customer.customer_id
    where
        memory.may_see($regions, customer.regions)
        and (cast($alert_id as varchar) is null or alert.alert_id = $alert_id)
        and (cast($customer_id as varchar) is null or alert.customer_id = $customer_id)
        and (
            cast($alert_id as varchar) is not null
            or cast($customer_id as varchar) is not null
            or memory.stands_alone($regions, customer.is_top_level, customer.master_regions)
        )
        and (cast($severity as varchar) is null or alert.severity = $severity)
        and (cast($code as varchar) is null or alert.alert_code = $code)
        and (cast($region as varchar) is null or customer.region = $region)
        and (cast($owner as varchar) is null or customer.owner_name = $owner)
        and (cast($small as boolean) is null or alert.is_small = $small)
        and (cast($listed_ids as varchar[]) is null or list_contains($listed_ids, alert.alert_id))
        and (
            cast($left_out_ids as varchar[]) is null
            or not list_contains($left_out_ids, alert.alert_id)
        )

)

select *
from listed
where
    cast($after_id as varchar) is null
    or (sort_number, customer_id, sort_rank, alert_id)
    > (
        cast($after_number as double),
        cast($after_customer as varchar),
        cast($after_rank as integer),
        cast($after_id as varchar)
    )
order by sort_number, customer_id, sort_rank, alert_id
limit $row_limit
