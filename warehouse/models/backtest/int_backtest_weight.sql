{#- Replicate 0 is the data as they are; in the others each group counts as often as a Poisson(1)
draw says, made from a hash so that every run draws alike. -#}
{%- set replicates = var('backtest_replicates') -%}

with draw as (

    select
        replicates.number as replicate,
        customer_groups.number as customer_group,
        {{ hash_fraction(
            "cast(replicates.number as string) || '-' || cast(customer_groups.number as string)"
        ) }} as uniform
    from {{ number_series(0, replicates) }} as replicates
    cross join {{ number_series(0, 49) }} as customer_groups

)

select
    replicate,
    customer_group,
    -- The cumulative distribution of Poisson(1).
    case
        when replicate = 0 then 1
        when uniform < 0.36788 then 0
        when uniform < 0.73576 then 1
        when uniform < 0.91970 then 2
        when uniform < 0.98101 then 3
        when uniform < 0.99634 then 4
        else 5
    end as weight
from draw
