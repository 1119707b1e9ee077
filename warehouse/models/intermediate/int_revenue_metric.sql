with combined as (

    select
        service_metric.*,
        sale.revenue_source,
        customer_since.customer_since,
        contract.contract_end_date,
        pipeline.win_rate,
        {#- Nothing sold and nothing open are known zeros. -#}
        {%- for metric in ['annual_revenue_usd', 'previous_annual_revenue_usd', 'clv_usd'] %}
            case when sale.customer_id is null then 0 else sale.{{ metric }} end as {{ metric }},
        {%- endfor %}
        {%- for metric in ['pipeline_usd', 'weighted_pipeline_usd'] %}
            case when pipeline.customer_id is null then 0 else pipeline.{{ metric }} end
                as {{ metric }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_service_metric') }} as service_metric
    left join {{ ref('int_sale_metric') }} as sale
        on
            service_metric.customer_id = sale.customer_id
            and service_metric.as_of = sale.as_of
    left join {{ ref('int_pipeline_metric') }} as pipeline
        on
            service_metric.customer_id = pipeline.customer_id
            and service_metric.as_of = pipeline.as_of
    left join {{ ref('int_contract_metric') }} as contract
        on
            service_metric.customer_id = contract.customer_id
            and service_metric.as_of = contract.as_of
    left join {{ ref('int_customer_since') }} as customer_since
        on
            service_metric.customer_id = customer_since.customer_id
            and service_metric.as_of = customer_since.as_of

)

select
    customer_id,
    as_of,
    mrr_usd,
    mrr_a_year_ago_usd,
    cast(12 * mrr_usd as decimal(18, 2)) as arr_usd,
    mrr_source,
    active_services,
    cast(annual_revenue_usd as decimal(18, 2)) as annual_revenue_usd,
    cast(previous_annual_revenue_usd as decimal(18, 2)) as previous_annual_revenue_usd,
    cast(annual_revenue_usd as double) / nullif(cast(previous_annual_revenue_usd as double), 0) - 1
        as yoy_growth,
    cast(clv_usd as decimal(18, 2)) as clv_usd,
    revenue_source,
    win_rate,
    cast(pipeline_usd as decimal(18, 2)) as pipeline_usd,
    cast(weighted_pipeline_usd as decimal(18, 2)) as weighted_pipeline_usd,
    customer_since,
    contract_end_date,
    cast({{ days_between('as_of', 'contract_end_date') }} as integer) as days_to_expiry
from combined
