{{ config(materialized='view') }}

{%- for measure in ['mrr_usd', 'active_services'] %}
    select
        scored_date.as_of,
        '{{ measure }}' as measure,
        asset.account_id,
        'Asset' as source_object,
        asset.asset_id as source_id,
        asset.asset_name as source_name,
        asset.install_date as happened_on,
        {% if measure == 'mrr_usd' -%}
            cast({{ to_usd('asset.monthly_charge') }} as double)
                as value,
        {%- else -%}
            1.0 as value,
        {%- endif %}
        cast(asset.monthly_charge as string)
        || ' '
        || asset.currency_code
        || ' a month' as detail
    from {{ within_file('core_scored_date') }} as scored_date
    inner join {{ within_file('silver_asset') }} as asset
        on
            scored_date.as_of >= cast(asset.created_at as date)
            and scored_date.as_of
            >= coalesce(asset.install_date, cast(asset.created_at as date))
    left join {{ within_file('silver_exchange_rate_day') }} as rate
        on
            scored_date.as_of = rate.rate_day
            and asset.currency_code = rate.currency_code
    where asset.usage_end_date is null or asset.usage_end_date >= scored_date.as_of
            {{ 'union all' if not loop.last }}
{%- endfor %}
