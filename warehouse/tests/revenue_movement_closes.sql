-- Opening + new + expansion - contraction - churned = closing, and the next month opens with it.
with movement as (

    select
        *,
        lead(month) over history as next_month,
        lead(opening_usd) over history as next_opening_usd
    from {{ ref('gold_revenue_movement') }}
    window history as (partition by customer_id order by month)

)

select *
from movement
where
    opening_usd + new_usd + expansion_usd - contraction_usd - churned_usd <> closing_usd
    or least(new_usd, expansion_usd, contraction_usd, churned_usd) < 0
    or (
        next_month = {{ add_months('month', 1) }}
        and next_opening_usd <> closing_usd
    )
