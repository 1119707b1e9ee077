select
    horizon_days,
    cast(count(distinct period) as integer) as months
from gold.churn_backtest
where period <> 'pooled'
group by horizon_days
order by horizon_days
