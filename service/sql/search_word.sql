select
    customer_id,
    cast($word_number as integer) as word_number,
    max(
        case
            when kind = 'name' and token = $word then 4.0 + 1.0 / position
            when kind = 'name' then 2.0 + 1.0 / position
            else 3.0
        end
    ) as points
from gold.serving_search_token
where
    token >= $word
    and token < $word_end
    and (kind <> 'email' or $may_see_personal_data)
group by customer_id
