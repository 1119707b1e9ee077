{{ score_of_customers(
    score='health_score',
    components=['payment_history', 'support_quality', 'usage_trends', 'engagement'],
    label_column='health_category',
    label=score_category('health_score'),
    kept=ref('int_kept_health_score'),
) }}
