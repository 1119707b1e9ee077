with knot as (

    select
        score,
        measure,
        cast(x as double) as x,
        cast(points as double) as points,
        lead(cast(x as double)) over curve as next_x,
        lead(cast(points as double)) over curve as next_points,
        row_number() over curve as knot_number
    from {{ ref('score_curve') }}
    window curve as (partition by score, measure order by x)

)

-- Left of the first knot its points hold.
select
    score,
    measure,
    cast('-Infinity' as double) as lower_bound,
    x as upper_bound,
    x as start_x,
    points as start_points,
    cast(0 as double) as slope
from knot
where knot_number = 1
union all
-- From each knot a straight line to the next; right of the last knot its points hold.
select
    score,
    measure,
    x as lower_bound,
    coalesce(next_x, cast('Infinity' as double)) as upper_bound,
    x as start_x,
    points as start_points,
    coalesce((next_points - points) / (next_x - x), 0) as slope
from knot
