with customer as (

    select
        customer_id,
        coalesce(region, 'Unknown') as region,
        coalesce(segment, 'Unknown') as segment
    from {{ ref('gold_customer') }}
    where is_top_level

),

metrics as (

    select
        customer.region,
        customer.segment,
        metrics.*,
        least(metrics.mrr_usd, metrics.mrr_a_year_ago_usd) as retained_mrr_usd,
        row_number() over (
            partition by metrics.as_of
            order by metrics.mrr_usd desc nulls last, metrics.customer_id asc
        ) as mrr_rank
    from {{ ref('gold_customer_360_metrics') }} as metrics
    inner join {{ ref('int_date_to_score') }} as date_to_score
        on metrics.as_of = date_to_score.as_of
    inner join customer on metrics.customer_id = customer.customer_id

),

summary as (

    select
        as_of,
        case when grouping(region) = 1 then 'all' else region end as region,
        case when grouping(segment) = 1 then 'all' else segment end as segment,
        count(case when {{ is_scored('lifecycle_stage') }} then 1 end) as customers,
        count(case when mrr_usd > 0 then 1 end) as active_customers,
        sum(mrr_usd) as mrr_usd,
        sum(annual_revenue_usd) as annual_revenue_usd,
        sum(previous_annual_revenue_usd) as previous_annual_revenue_usd,
        sum(clv_usd) as clv_usd,
        sum(clv_predicted_usd) as clv_predicted_usd,
        sum(pipeline_usd) as pipeline_usd,
        sum(weighted_pipeline_usd) as weighted_pipeline_usd,
        sum(overdue_amount_usd) as overdue_amount_usd,
        sum(case when churn_risk_level = 'HIGH' then arr_usd else 0 end) as arr_at_risk_usd,
        sum(case when mrr_rank <= 10 then mrr_usd else 0 end) as top_10_mrr_usd,
        sum(mrr_a_year_ago_usd) as mrr_a_year_ago_usd,
        sum(case when mrr_a_year_ago_usd > 0 then mrr_usd end) as kept_mrr_usd,
        sum(case when mrr_a_year_ago_usd > 0 then retained_mrr_usd end) as retained_mrr_usd,
        avg(health_score) as mean_health_score,
        avg(churn_risk_score) as mean_churn_risk_score
        {%- for category in ['Healthy', 'At-Risk', 'Critical', 'Unknown'] %}
            {%- set name = category | lower | replace('-', '_') %},
            count(case when health_category = '{{ category }}' then 1 end)
                as health_{{ name }}_customers,
            sum(case when health_category = '{{ category }}' then mrr_usd else 0 end)
                as health_{{ name }}_mrr_usd
        {%- endfor %}
        {%- for level in ['HIGH', 'MEDIUM', 'LOW', 'Unknown'] %}
            ,
            count(case when churn_risk_level = '{{ level }}' then 1 end)
                as churn_{{ level | lower }}_customers,
            sum(case when churn_risk_level = '{{ level }}' then mrr_usd else 0 end)
                as churn_{{ level | lower }}_mrr_usd
            {%- endfor %}
        {%- for stage in lifecycle_stages() %}
            ,
            count(case when lifecycle_stage = '{{ stage }}' then 1 end)
                as stage_{{ stage }}_customers
            {%- endfor %}
    from metrics
    group by grouping sets (
        (as_of), (as_of, region), (as_of, segment), (as_of, region, segment)
    )

)

select
    as_of,
    region,
    segment,
    cast(customers as integer) as customers,
    cast(active_customers as integer) as active_customers,
    cast(mrr_usd as decimal(18, 2)) as mrr_usd,
    cast(12 * mrr_usd as decimal(18, 2)) as arr_usd,
    cast(kept_mrr_usd as double) / nullif(cast(mrr_a_year_ago_usd as double), 0)
        as net_revenue_retention,
    cast(retained_mrr_usd as double) / nullif(cast(mrr_a_year_ago_usd as double), 0)
        as gross_revenue_retention,
    cast(annual_revenue_usd as decimal(18, 2)) as annual_revenue_usd,
    cast(previous_annual_revenue_usd as decimal(18, 2)) as previous_annual_revenue_usd,
    cast(clv_usd as decimal(18, 2)) as clv_usd,
    cast(clv_predicted_usd as decimal(18, 2)) as clv_predicted_usd,
    cast(pipeline_usd as decimal(18, 2)) as pipeline_usd,
    cast(weighted_pipeline_usd as decimal(18, 2)) as weighted_pipeline_usd,
    cast(overdue_amount_usd as decimal(18, 2)) as overdue_amount_usd,
    cast(arr_at_risk_usd as decimal(18, 2)) as arr_at_risk_usd,
    case
        when region = 'all' and segment = 'all'
            then cast(top_10_mrr_usd as double) / nullif(cast(mrr_usd as double), 0)
    end as top_10_share,
    {{ settled('mean_health_score') }} as mean_health_score,
    {{ settled('mean_churn_risk_score') }} as mean_churn_risk_score
    {%- for category in ['healthy', 'at_risk', 'critical', 'unknown'] %}
        ,
        cast(health_{{ category }}_customers as integer) as health_{{ category }}_customers,
        cast(health_{{ category }}_mrr_usd as decimal(18, 2)) as health_{{ category }}_mrr_usd
        {%- endfor %}
    {%- for level in ['high', 'medium', 'low', 'unknown'] %}
        ,
        cast(churn_{{ level }}_customers as integer) as churn_{{ level }}_customers,
        cast(churn_{{ level }}_mrr_usd as decimal(18, 2)) as churn_{{ level }}_mrr_usd

        {%- endfor %}
    {%- for stage in lifecycle_stages() %}
        ,
        cast(stage_{{ stage }}_customers as integer) as stage_{{ stage }}_customers
        {%- endfor %}
from summary
union all
select * from {{ ref('int_kept_portfolio_summary') }}
