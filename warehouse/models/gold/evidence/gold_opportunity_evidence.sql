{{ config(materialized='view') }}

{%- for measure in ['renewal_rate_24m', 'win_rate'] %}
    select
        scored_date.as_of,
        '{{ measure }}' as measure,
        opportunity.account_id,
        'Opportunity' as source_object,
        opportunity.opportunity_id as source_id,
        opportunity.opportunity_name as source_name,
        opportunity.close_date as happened_on,
        cast(case when opportunity.is_won then 1 else 0 end as double) as value,
        opportunity.stage_name as detail
    from {{ within_file('core_scored_date') }} as scored_date
    inner join {{ within_file('silver_opportunity') }} as opportunity
        on
            scored_date.as_of >= cast(opportunity.created_at as date)
            and scored_date.as_of >= opportunity.close_date
            and opportunity.close_date > {{ add_months('scored_date.as_of', -24) }}
    where
        opportunity.is_closed
        {%- if measure == 'renewal_rate_24m' %}
            and opportunity.opportunity_type = 'Renewal'
        {%- endif %}
    {{ 'union all' if not loop.last }}
{%- endfor %}
