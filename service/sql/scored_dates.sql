select as_of
from gold.scored_date
order by as_of
