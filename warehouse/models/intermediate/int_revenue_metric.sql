with service_metric as (

    select * from {{ ref('int_service_metric') }}

),

bridge as (

    select
        customer_id,
        account_id
    from {{ ref('gold_customer_account') }}

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
    where invoice_date is not null
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

opportunity as (

    select
        bridge.customer_id,
        opportunity.is_closed,
        opportunity.is_won,
        opportunity.close_date,
        opportunity.deal_value_usd,
        opportunity.win_probability,
        cast(opportunity.created_at as date) as created_on
    from {{ ref('silver_opportunity') }} as opportunity
    inner join bridge on opportunity.account_id = bridge.account_id

),

closed as (

    select
        opportunity.customer_id,
        scored_day.as_of,
        count(case when opportunity.is_won then 1 end) / cast(count(*) as double) as win_rate
    from opportunity
    inner join {{ ref('int_scored_day') }} as scored_day
        on
            opportunity.close_date = scored_day.day
            and opportunity.created_on <= scored_day.as_of
    where opportunity.is_closed
    group by opportunity.customer_id, scored_day.as_of

),

portfolio as (

    select
        scored_day.as_of,
        count(case when opportunity.is_won then 1 end) / cast(count(*) as double) as win_rate
    from {{ ref('silver_opportunity') }} as opportunity
    inner join {{ ref('int_scored_day') }} as scored_day
        on
            opportunity.close_date = scored_day.day
            and cast(opportunity.created_at as date) <= scored_day.as_of
    where opportunity.is_closed
    group by scored_day.as_of

),

-- A deal closed after as_of was open on as_of. How likely it was that day is not on record, and
-- what is known since would be hindsight: the portfolio's win rate stands in.
pipeline as (

    select
        opportunity.customer_id,
        scored_date.as_of,
        sum(opportunity.deal_value_usd) as pipeline_usd,
        -- Decimal: half a cent of a double lies above or below half, as the engine has it.
        sum(
            cast(
                opportunity.deal_value_usd
                * case
                    when opportunity.is_closed then portfolio.win_rate
                    else opportunity.win_probability
                end
                as decimal(28, 6)
            )
        ) as weighted_pipeline_usd
    from opportunity
    inner join scored_date
        on
            opportunity.created_on <= scored_date.as_of
            and (not opportunity.is_closed or opportunity.close_date > scored_date.as_of)
    left join portfolio on scored_date.as_of = portfolio.as_of
    group by opportunity.customer_id, scored_date.as_of

),

-- Of the contracts that have begun the one that ends last; an evergreen one never ends.
contract as (

    select
        bridge.customer_id,
        scored_date.as_of,
        case when not bool_or(contract.end_date is null) then max(contract.end_date) end
            as contract_end_date
    from {{ ref('silver_contract') }} as contract
    inner join bridge on contract.account_id = bridge.account_id
    inner join scored_date
        on
            contract.start_date <= scored_date.as_of
            and cast(contract.created_at as date) <= scored_date.as_of
    where
        contract.status is null
        or contract.status = 'Activated'
        -- One that was seen ended before its time ended on a day that is not on record. Seen at its
        -- extraction, not on the run's day: every run judges it alike.
        or (
            contract.status in ('Expired', 'Terminated')
            and contract.end_date <= cast(contract.extracted_at as date)
        )
    group by bridge.customer_id, scored_date.as_of

),

first_event as (

    select
        account_id,
        close_date as happened_on,
        greatest(close_date, cast(created_at as date)) as known_from
    from {{ ref('silver_opportunity') }}
    where is_won
    union all
    select
        account_id,
        started_on as happened_on,
        greatest(started_on, created_on) as known_from
    from {{ ref('int_service') }}
    union all
    select
        account_id,
        start_date as happened_on,
        greatest(start_date, cast(created_at as date)) as known_from
    from {{ ref('silver_contract') }}
    union all
    select
        account_id,
        customer_since_date as happened_on,
        greatest(customer_since_date, cast(created_at as date)) as known_from
    from {{ ref('silver_account') }}

),

customer_since as (

    select
        bridge.customer_id,
        scored_date.as_of,
        min(first_event.happened_on) as customer_since
    from first_event
    inner join bridge on first_event.account_id = bridge.account_id
    inner join scored_date on first_event.known_from <= scored_date.as_of
    group by bridge.customer_id, scored_date.as_of

),

combined as (

    select
        service_metric.*,
        customer_since.customer_since,
        contract.contract_end_date,
        closed.win_rate,
        case when pipeline.customer_id is null then 0 else pipeline.pipeline_usd end
            as pipeline_usd,
        case when pipeline.customer_id is null then 0 else pipeline.weighted_pipeline_usd end
            as weighted_pipeline_usd,
        case
            when invoiced.customer_id is not null then 'invoice'
            when won.customer_id is not null then 'opportunity'
        end as revenue_source,
        {%- for name, metric in [
            ('annual_usd', 'annual_revenue_usd'),
            ('previous_annual_usd', 'previous_annual_revenue_usd'),
            ('lifetime_usd', 'clv_usd'),
        ] %}
            case
                when invoiced.customer_id is not null then invoiced.{{ name }}
                when won.customer_id is not null then won.{{ name }}
                else 0
            end as {{ metric }}{{ ',' if not loop.last }}
        {%- endfor %}
    from service_metric
    left join revenue as invoiced
        on
            service_metric.customer_id = invoiced.customer_id
            and service_metric.as_of = invoiced.as_of
            and invoiced.revenue_source = 'invoice'
    left join revenue as won
        on
            service_metric.customer_id = won.customer_id
            and service_metric.as_of = won.as_of
            and won.revenue_source = 'opportunity'
    left join closed
        on
            service_metric.customer_id = closed.customer_id
            and service_metric.as_of = closed.as_of
    left join pipeline
        on
            service_metric.customer_id = pipeline.customer_id
            and service_metric.as_of = pipeline.as_of
    left join contract
        on
            service_metric.customer_id = contract.customer_id
            and service_metric.as_of = contract.as_of
    left join customer_since
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
