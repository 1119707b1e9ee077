with bridge as (

    select
        customer_id,
        account_id
    from {{ ref('core_customer_account') }}

),

scored_date as (

    select
        as_of,
        {{ add_months('as_of', -12) }} as twelve_months_before,
        {{ add_months('as_of', -24) }} as twenty_four_months_before
    from {{ ref('int_date_to_score') }}

),

-- Invoices and won deals are the two sources of revenue; both are summed alike.
sale as (

    select
        account_id,
        'invoice' as revenue_source,
        invoice_date as sold_on,
        greatest(cast(created_at as date), invoice_date) as known_from,
        amount_usd
    from {{ ref('silver_invoice') }}
    where invoice_date is not null and is_counted
    union all
    select
        account_id,
        'opportunity' as revenue_source,
        close_date as sold_on,
        greatest(cast(created_at as date), close_date) as known_from,
        deal_value_usd as amount_usd
    from {{ ref('silver_opportunity') }}
    where is_won and close_date is not null

),

customer_sale as (

    select
        bridge.customer_id,
        sale.revenue_source,
        sale.sold_on,
        sale.known_from,
        sum(sale.amount_usd) as amount_usd
    from sale
    inner join bridge on sale.account_id = bridge.account_id
    group by bridge.customer_id, sale.revenue_source, sale.sold_on, sale.known_from

),

revenue as (

    select
        customer_sale.customer_id,
        scored_date.as_of,
        customer_sale.revenue_source,
        sum(customer_sale.amount_usd) as lifetime_usd,
        -- An amount without a rate is not known, yet it was billed.
        max(case when coalesce(customer_sale.amount_usd, 1) > 0 then customer_sale.sold_on end)
            as last_sold_on,
        {#- Nothing sold is a known zero; sales that all lack a rate are not known. -#}
        {%- for name, condition in [
            ('annual_usd', 'customer_sale.sold_on > scored_date.twelve_months_before'),
            (
                'previous_annual_usd',
                'customer_sale.sold_on > scored_date.twenty_four_months_before
                and customer_sale.sold_on <= scored_date.twelve_months_before',
            ),
        ] %}
            case
                when count(case when {{ condition }} then 1 end) = 0 then 0
                else sum(case when {{ condition }} then customer_sale.amount_usd end)
            end as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from customer_sale
    inner join scored_date on customer_sale.known_from <= scored_date.as_of
    group by customer_sale.customer_id, scored_date.as_of, customer_sale.revenue_source

),

invoiced as (

    select * from revenue
    where revenue_source = 'invoice'

),

won as (

    select * from revenue
    where revenue_source = 'opportunity'

)

-- For a customer that was ever invoiced invoices alone tell; won deals stand in for the others.
select
    coalesce(invoiced.customer_id, won.customer_id) as customer_id,
    coalesce(invoiced.as_of, won.as_of) as as_of,
    coalesce(invoiced.revenue_source, won.revenue_source) as revenue_source,
    case when invoiced.customer_id is not null then invoiced.annual_usd else won.annual_usd end
        as annual_revenue_usd,
    case
        when invoiced.customer_id is not null then invoiced.previous_annual_usd
        else won.previous_annual_usd
    end as previous_annual_revenue_usd,
    case when invoiced.customer_id is not null then invoiced.lifetime_usd else won.lifetime_usd end
        as clv_usd,
    invoiced.last_sold_on as last_invoiced_on
from invoiced
full outer join won
    on invoiced.customer_id = won.customer_id and invoiced.as_of = won.as_of
