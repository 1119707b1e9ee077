with visible as (

    select
        annual_revenue_usd,
        row_number() over (order by annual_revenue_usd desc, customer_id) as position,
        count(*) over () as customers
    from gold.serving_customer
    where
        memory.is_listed($regions, regions, is_top_level, master_regions)
        and annual_revenue_usd > 0

),

running as (

    select
        position,
        customers,
        sum(annual_revenue_usd) over (order by position)
        / sum(annual_revenue_usd) over () as revenue_share
    from visible

)

select
    position as customers,
    revenue_share
from running
where
    position in (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000)
    or position = customers
order by position
