-- The customer in whose place an account that was merged away is found: the survivor. The id of a
-- master is that of its earliest member; where that was the one, the survivor's master is meant, or
-- the survivor alone.
with alias as (

    select
        merged.account_id,
        merged.surviving_account_id,
        merged.merged_on,
        bridge.customer_id as master_account_id
    from {{ ref('int_account_alias') }} as merged
    left join {{ ref('core_customer_account') }} as bridge
        on
            merged.surviving_account_id = bridge.account_id
            and bridge.customer_kind = 'master'

)

select
    account_id as former_customer_id,
    surviving_account_id as customer_id,
    merged_on as ended_on,
    'account merged' as reason
from alias
union all
select
    'M-' || account_id as former_customer_id,
    coalesce(master_account_id, surviving_account_id) as customer_id,
    merged_on as ended_on,
    'earliest account of a master merged' as reason
from alias
