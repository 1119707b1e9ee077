{{ config(materialized='view') }}

select
    contract_id as source_id,
    account_id,
    'RENEWAL' as event_type,
    'contract_started' as event_subtype,
    cast(start_date as timestamp) as occurred_at,
    coalesce('Contract ' || contract_number, 'Contract') || ' started' as title,
    cast(contract_term_months as string) || ' months' as description,
    cast(null as decimal(18, 2)) as amount_usd,
    status,
    'Contract' as source_object,
    cast(null as string) as action_reference
from {{ ref('silver_contract') }}
union all
select
    contract_id as source_id,
    account_id,
    'RENEWAL' as event_type,
    'contract_ended' as event_subtype,
    cast(end_date as timestamp) as occurred_at,
    coalesce('Contract ' || contract_number, 'Contract') || ' ended' as title,
    cast(contract_term_months as string) || ' months' as description,
    cast(null as decimal(18, 2)) as amount_usd,
    status,
    'Contract' as source_object,
    cast(null as string) as action_reference
from {{ ref('silver_contract') }}
