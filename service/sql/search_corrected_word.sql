select
    customer_id,
    cast($word_number as integer) as word_number,
    1.0 + max(1.0 / position) as points
from gold.serving_search_token
where
    token in (select unnest($corrections))
    and kind = 'name'
group by customer_id
