select
    horizon_days,
    measure,
    value,
    lower_bound as low,
    upper_bound as high,
    customers,
    churned,
    status = 'measured' as is_enough
from gold.churn_backtest
where period = 'pooled'
order by horizon_days, measure
