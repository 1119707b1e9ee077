select
    horizon_days,
    score_decile as decile,
    mean_score,
    churn_share as observed_share,
    lower_bound as low,
    upper_bound as high,
    customers
from gold.churn_calibration
order by horizon_days, score_decile
