-- One row per measure of the newest scored date or the one before.
with measured as (

    select
        score,
        component,
        measure,
        max(case when is_current then value end) as value,
        max(case when is_current then points end) as points,
        max(case when is_current then weight end) as weight,
        max(case when is_current then contribution end) as contribution,
        max(case when is_current then driver end) as driver,
        max(case when not is_current then value end) as previous_value,
        max(case when not is_current then contribution end) as previous_contribution
    from gold.serving_contribution
    where
        customer_bucket = cast('0x' || substr(md5($customer_id), 1, 6) as integer)
        and customer_id = $customer_id
    group by score, component, measure

)

select
    score,
    component,
    measure,
    value,
    points,
    weight,
    contribution,
    previous_value,
    previous_contribution,
    case
        when
            count(contribution) over (partition by score) > 0
            and count(previous_contribution) over (partition by score) > 0
            then coalesce(contribution, 0) - coalesce(previous_contribution, 0)
    end as change,
    coalesce(driver, 'No longer measured') as driver
from measured
order by score desc, component, measure
