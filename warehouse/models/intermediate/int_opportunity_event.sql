{{ config(materialized='view') }}

select
    opportunity_id as source_id,
    account_id,
    case when opportunity_type = 'Renewal' then 'RENEWAL' else 'SALES' end as event_type,
    case
        when is_won then 'opportunity_won'
        when is_closed then 'opportunity_lost'
        else 'opportunity_created'
    end as event_subtype,
    case when is_closed then cast(close_date as timestamp) else created_at end as occurred_at,
    coalesce(opportunity_name, 'Opportunity') || case
        when is_won then ' won'
        when is_closed then ' lost'
        else ' opened'
    end as title,
    stage_name as description,
    deal_value_usd as amount_usd,
    stage_name as status,
    'Opportunity' as source_object,
    cast(null as string) as action_reference
from {{ ref('silver_opportunity') }}
