select *
from temp.scored_anew
where (after - before) * $direction >= 0.05
order by (after - before) * $direction desc, mrr_usd desc nulls last, customer_id
limit $row_limit
