select
    rule_id,
    priority,
    category,
    action,
    title,
    expected_outcome,
    impact_metric,
    cast(impact_factor as double) as impact_factor,
    cast(cooldown_days as integer) as cooldown_days,
    string_split(coalesce(stages, 'leaving|onboarding|active'), '|') as stages,
    enabled
from seeds.recommendation_rule
order by rule_id
