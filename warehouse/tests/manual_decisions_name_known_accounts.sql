-- A decision about an account that is not there decides nothing: say so, but let the run go on.
{{ config(severity='warn') }}

with decision as (

    select * from {{ ref('manual_account_link') }}

),

named as (

    select
        account_id_1 as account_id,
        decision
    from decision
    union all
    select
        account_id_2 as account_id,
        decision
    from decision

)

select named.*
from named
anti join {{ ref('int_account_name') }} as known
    on substr(named.account_id, 1, 15) = substr(known.account_id, 1, 15)
