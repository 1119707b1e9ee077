with asset as (

    select
        asset_id as service_id,
        account_id,
        asset_id as counted_id,
        cast(created_at as date) as created_on,
        coalesce(install_date, cast(created_at as date)) as started_on,
        usage_end_date as ended_on,
        cast(coalesce(last_modified_at, created_at) as date) as end_known_from,
        monthly_charge,
        currency_code,
        cast(null as decimal(18, 2)) as fixed_monthly_charge_usd,
        'asset' as service_source
    from {{ ref('silver_asset') }}

),

-- Only an org without any asset tells its services by what it sold.
line_item as (

    select
        item.opportunity_line_item_id as service_id,
        opportunity.account_id,
        coalesce(item.product_id, item.opportunity_line_item_id) as counted_id,
        greatest(
            cast(item.created_at as date),
            cast(opportunity.created_at as date),
            opportunity.close_date
        ) as created_on,
        coalesce(item.service_date, opportunity.close_date) as started_on,
        {{ add_days(
            add_months('coalesce(item.service_date, opportunity.close_date)', 'item.term_months'),
            -1
        ) }} as ended_on,
        -- The end of a term that was sold is no end that anybody has decided on.
        cast(null as date) as end_known_from,
        cast(null as decimal(18, 2)) as monthly_charge,
        item.currency_code,
        case
            when item.billing_type = 'Recurring'
                then cast(item.total_price_usd / nullif(item.term_months, 0) as decimal(18, 2))
            else 0
        end as fixed_monthly_charge_usd,
        'opportunity_line_item' as service_source
    from {{ ref('silver_opportunity_line_item') }} as item
    inner join {{ ref('silver_opportunity') }} as opportunity
        on item.opportunity_id = opportunity.opportunity_id
    where
        opportunity.is_won
        and item.term_months is not null
        and not exists (select 1 from {{ ref('silver_asset') }})

)

select * from asset
union all
select * from line_item
