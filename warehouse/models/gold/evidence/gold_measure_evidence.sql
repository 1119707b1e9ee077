{#- A view, because records x measures x dates would be many times the warehouse, and a filter on
customer_id, as_of and measure reaches the records. It names no database, so it works wherever the
published file is opened, and under whatever name. -#}
{{ config(materialized='view') }}

with evidence as (

    select * from {{ within_file('gold_invoice_evidence') }}
    union all
    select * from {{ within_file('gold_case_evidence') }}
    union all
    select * from {{ within_file('gold_usage_evidence') }}
    union all
    select * from {{ within_file('gold_interaction_evidence') }}
    union all
    select * from {{ within_file('gold_opportunity_evidence') }}
    union all
    select * from {{ within_file('gold_service_evidence') }}

)

select
    bridge.customer_id,
    evidence.as_of,
    evidence.measure,
    evidence.account_id,
    evidence.source_object,
    evidence.source_id,
    evidence.source_name,
    evidence.happened_on,
    cast(evidence.value as double) as value,
    evidence.detail
from evidence
inner join {{ within_file('core_customer_account') }} as bridge
    on evidence.account_id = bridge.account_id
