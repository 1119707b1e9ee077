with newest as (

    select *
    from gold.serving_contribution
    where customer_id = $customer_id and is_current

),

previous as (

    select *
    from gold.serving_contribution
    where customer_id = $customer_id and not is_current

)

select
    coalesce(newest.score, previous.score) as score,
    coalesce(newest.component, previous.component) as component,
    coalesce(newest.measure, previous.measure) as measure,
    newest.value,
    newest.points,
    newest.weight,
    newest.contribution,
    previous.value as previous_value,
    previous.contribution as previous_contribution,
    case
        when
            count(newest.contribution) over (partition by coalesce(newest.score, previous.score))
            > 0
            and count(previous.contribution) over (
                partition by coalesce(newest.score, previous.score)
            ) > 0
            then coalesce(newest.contribution, 0) - coalesce(previous.contribution, 0)
    end as change,
    coalesce(newest.driver, 'No longer measured') as driver
from newest
full outer join previous
    on
        newest.score = previous.score
        and newest.component = previous.component
        and newest.measure = previous.measure
order by 1 desc, 2, 3
