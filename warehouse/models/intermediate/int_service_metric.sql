with scored_customer as (

    select
        customer_id,
        as_of
    from {{ ref('int_scored_customer') }}

),

charge as (

    select
        bridge.customer_id,
        charge.as_of,
        sum(case when charge.is_active then charge.monthly_charge_usd end) as mrr_usd,
        sum(case when charge.was_active_a_year_ago then charge.monthly_charge_usd end)
            as mrr_a_year_ago_usd,
        count(case when charge.is_active then 1 end) as active_services,
        count(case when charge.was_active_a_year_ago then 1 end) as services_a_year_ago
    from {{ ref('int_service_charge') }} as charge
    inner join {{ ref('core_customer_account') }} as bridge on charge.account_id = bridge.account_id
    group by bridge.customer_id, charge.as_of

),

-- Line items are counted by product, however many carry it.
product as (

    select
        bridge.customer_id,
        charge.as_of,
        count(distinct charge.counted_id) as active_products
    from {{ ref('int_service_charge') }} as charge
    inner join {{ ref('core_customer_account') }} as bridge on charge.account_id = bridge.account_id
    where charge.service_source = 'opportunity_line_item' and charge.is_active
    group by bridge.customer_id, charge.as_of

),

service_source as (

    select max(service_source) as mrr_source from {{ ref('int_service') }}

)

select
    scored_customer.customer_id,
    scored_customer.as_of,
    -- Nothing active is a known zero; services whose charges all lack a rate are not known.
    case
        when coalesce(charge.active_services, 0) = 0 then 0
        else cast(charge.mrr_usd as decimal(18, 2))
    end as mrr_usd,
    case
        when coalesce(charge.services_a_year_ago, 0) = 0 then 0
        else cast(charge.mrr_a_year_ago_usd as decimal(18, 2))
    end as mrr_a_year_ago_usd,
    cast(coalesce(product.active_products, charge.active_services, 0) as integer)
        as active_services,
    service_source.mrr_source
from scored_customer
cross join service_source
left join charge
    on
        scored_customer.customer_id = charge.customer_id
        and scored_customer.as_of = charge.as_of
left join product
    on
        scored_customer.customer_id = product.customer_id
        and scored_customer.as_of = product.as_of
