with account as (

    select account_id from {{ ref('silver_account') }}

),

master_member as (

    select * from {{ ref('int_master_member') }}

)

select
    account_id as customer_id,
    'account' as customer_kind,
    account_id
from account
union all
select
    master_account_id as customer_id,
    'master' as customer_kind,
    account_id
from master_member
