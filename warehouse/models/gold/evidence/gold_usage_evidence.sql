{{ config(materialized='view') }}

-- Usage of the months that can matter: the six compared, or the thirteen of the z-score.
{%- for measure, months in {'usage_change_90d': 6, 'usage_zscore': 13}.items() %}
    select
        scored_date.as_of,
        '{{ measure }}' as measure,
        usage_row.account_id,
        'Usage__c' as source_object,
        usage_row.usage_id as source_id,
        coalesce(asset.asset_name, usage_row.asset_id) as source_name,
        usage_row.usage_month as happened_on,
        cast(usage_row.quantity as double) as value,
        coalesce(usage_row.unit, 'units') || ' in the month' as detail
    from {{ within_file('core_scored_date') }} as scored_date
    inner join {{ within_file('silver_usage') }} as usage_row
        on
            scored_date.as_of >= cast(usage_row.created_at as date)
            and scored_date.newest_usage_month >= usage_row.usage_month
            and usage_row.usage_month
            > {{ add_months('scored_date.newest_usage_month', -months) }}
    left join {{ within_file('silver_asset') }} as asset on usage_row.asset_id = asset.asset_id
    {{ 'union all' if not loop.last }}
{%- endfor %}
