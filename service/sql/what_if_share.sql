select
    case $side when 'before' then label_before else label_after end as name,
    cast(count(*) as integer) as customers,
    sum(mrr_usd) as mrr_usd
from temp.scored_anew
group by name
order by case name
    when 'Healthy' then 1
    when 'HIGH' then 1
    when 'At-Risk' then 2
    when 'MEDIUM' then 2
    when 'Unknown' then 4
    else 3
end
