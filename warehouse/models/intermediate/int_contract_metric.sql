with bridge as (

    select
        customer_id,
        account_id
    from {{ ref('core_customer_account') }}

),

scored_date as (

    select as_of from {{ ref('int_date_to_score') }}

)

-- Of the contracts that have begun the one that ends last; an evergreen one never ends.
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
