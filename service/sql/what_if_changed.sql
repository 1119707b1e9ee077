select
    cast(count(*) as integer) as customers,
    coalesce(sum(mrr_usd), 0) as mrr_usd
from temp.scored_anew
where label_before <> label_after
