-- Reads `found`: what a search found, as search_result.sql tells it.
with counted as (

    select
        *,
        count(*) over () as total
    from found

)

select *
from counted
where
    cast($after_id as varchar) is null
    or (sort_number, sort_text, customer_id)
    > (cast($after_number as double), cast($after_text as varchar), cast($after_id as varchar))
order by sort_number, sort_text, customer_id
limit $row_limit
