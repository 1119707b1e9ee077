with bridge as (

    select
        customer_id,
        account_id
    from {{ ref('core_customer_account') }}

),

scored_date as (

    select as_of from {{ ref('int_date_to_score') }}

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

)

select
    bridge.customer_id,
    scored_date.as_of,
    min(first_event.happened_on) as customer_since
from first_event
inner join bridge on first_event.account_id = bridge.account_id
inner join scored_date on first_event.known_from <= scored_date.as_of
group by bridge.customer_id, scored_date.as_of
