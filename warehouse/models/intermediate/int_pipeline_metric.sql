with bridge as (

    select
        customer_id,
        account_id
    from {{ ref('core_customer_account') }}

),

scored_date as (

    select as_of from {{ ref('int_date_to_score') }}

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

)

select
    coalesce(closed.customer_id, pipeline.customer_id) as customer_id,
    coalesce(closed.as_of, pipeline.as_of) as as_of,
    closed.win_rate,
    -- Nothing open is a known zero; open deals that all lack a rate are not known.
    case when pipeline.customer_id is null then 0 else pipeline.pipeline_usd end as pipeline_usd,
    case when pipeline.customer_id is null then 0 else pipeline.weighted_pipeline_usd end
        as weighted_pipeline_usd
from closed
full outer join pipeline
    on closed.customer_id = pipeline.customer_id and closed.as_of = pipeline.as_of
