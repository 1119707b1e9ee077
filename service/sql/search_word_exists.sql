select 1 as found
from gold.serving_search_token
where
    token >= $word
    and token < $word_end
    and (kind <> 'email' or $may_see_personal_data)
limit 1
