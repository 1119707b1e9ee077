select
    least(9, cast(floor(case $side when 'before' then before else after end / 10) as integer))
        as bin,
    cast(count(*) as integer) as customers
from temp.scored_anew
where case $side when 'before' then before else after end is not null
group by 1
order by 1
