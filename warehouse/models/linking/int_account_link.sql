{{ config(materialized='view') }}
select
    account_number_1,
    account_number_2,
    account_id_1,
    account_id_2,
    method,
    similarity,
    confidence,
    evidence,
    is_vouched or method = 'manual' as is_vouched,
    is_cross_region
from {{ ref('int_account_verdict') }}
where method is not null
