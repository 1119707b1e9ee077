select avg(case $side when 'before' then before else after end) as mean
from temp.scored_anew
