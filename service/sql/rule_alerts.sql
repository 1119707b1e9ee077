select
    alert_code,
    alert_type,
    severity,
    metric,
    case
        when operator = 'between'
            then metric || ' between ' || threshold || ' and ' || upper_threshold
        else metric || ' ' || operator || ' ' || threshold
    end as condition,
    message,
    string_split(coalesce(stages, 'leaving|onboarding|active'), '|') as stages,
    enabled
from seeds.alert_rule
order by
    alert_code,
    case severity when 'HIGH' then 1 when 'MEDIUM' then 2 else 3 end
