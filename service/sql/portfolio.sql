with visible as (

    select *
    from gold.serving_customer
    where
        memory.is_listed($regions, regions, is_top_level, master_regions)
        and memory.is_at_stage($stage, lifecycle_stage, is_scored)
    order by arr_usd desc nulls last, customer_id
    limit 100000

)

select
    cast(count(*) as integer) as total,
    cast(
        to_json(
            struct_pack(
                customer_id := coalesce(list(customer_id), []),
                customer_name := coalesce(list(customer_name), []),
                customer_kind := coalesce(list(customer_kind), []),
                region := coalesce(list(region), []),
                segment := coalesce(list(segment), []),
                country_code := coalesce(list(country_code), []),
                owner_name := coalesce(list(owner_name), []),
                lifecycle_stage := coalesce(list(lifecycle_stage), []),
                left_on := coalesce(list(left_on), []),
                leaves_on := coalesce(list(leaves_on), []),
                health_score := coalesce(list(health_score), []),
                health_category := coalesce(list(health_category), []),
                health_score_change := coalesce(list(health_score_change), []),
                churn_risk_score := coalesce(list(churn_risk_score), []),
                churn_risk_level := coalesce(list(churn_risk_level), []),
                churn_risk_score_change := coalesce(list(churn_risk_score_change), []),
                mrr_usd := coalesce(list(mrr_usd), []),
                arr_usd := coalesce(list(arr_usd), []),
                annual_revenue_usd := coalesce(list(annual_revenue_usd), []),
                yoy_growth := coalesce(list(round(yoy_growth, 4)), []),
                active_services := coalesce(list(active_services), []),
                days_to_expiry := coalesce(list(days_to_expiry), []),
                max_days_overdue := coalesce(list(max_days_overdue), []),
                usage_change_90d := coalesce(list(round(usage_change_90d, 4)), []),
                days_since_last_contact := coalesce(list(days_since_last_contact), []),
                open_alerts := coalesce(list(open_alerts), []),
                health_history := coalesce(list(coalesce(health_history, [])), [])
            )
        ) as varchar
    ) as columns
from visible
