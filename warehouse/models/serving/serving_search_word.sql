select
    token as word,
    cast(length(token) as integer) as letters,
    cast(count(distinct customer_id) as integer) as customers
from {{ ref('serving_search_token') }}
where kind = 'name'
group by 1, 2
order by 2, 1
