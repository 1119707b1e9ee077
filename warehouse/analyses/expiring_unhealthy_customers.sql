-- Question: whose contract ends in the next 180 days while their health is below 80?
-- Reading: one row per customer, largest recurring revenue first. days_to_expiry is what is left to
-- act in; weakest_component is where the health score loses most. Evergreen contracts never appear.
with losses as (
    select
        customer_id,
        component,
        row_number() over (
            partition by customer_id
            order by sum(weight * 100 - contribution) desc, component asc
        ) as place
    from {{ ref('gold_score_contribution') }}
    where
        score = 'health_score'
        and as_of = (select max(newest.as_of) from {{ ref('core_scored_date') }} as newest)
    group by customer_id, component
)

select
    customer.customer_id,
    customer.customer_name,
    customer.owner_name,
    metrics.contract_end_date,
    metrics.days_to_expiry,
    metrics.health_score,
    losses.component as weakest_component,
    metrics.arr_usd
from {{ ref('gold_customer_360_current') }} as metrics
inner join {{ ref('gold_customer') }} as customer on metrics.customer_id = customer.customer_id
left join losses on metrics.customer_id = losses.customer_id and losses.place = 1
where
    customer.is_top_level
    and metrics.days_to_expiry between 0 and 180
    and metrics.health_score < 80
order by metrics.arr_usd desc, customer.customer_id asc
