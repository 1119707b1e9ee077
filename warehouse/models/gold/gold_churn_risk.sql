{{ score_of_customers(
    score='churn_risk_score',
    components=['usage_decline', 'payment_issues', 'support_problems', 'low_engagement'],
    label_column='churn_risk_level',
    label=risk_level('churn_risk_score'),
    kept=ref('int_kept_churn_risk'),
) }}
