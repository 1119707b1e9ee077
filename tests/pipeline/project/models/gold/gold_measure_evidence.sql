{{ config(materialized='view') }}

select
    account_id,
    mrr_usd
from silver.account
where '{{ ref("silver_account") }}' <> ''
