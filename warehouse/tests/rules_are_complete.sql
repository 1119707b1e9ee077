-- Every operator is one that is evaluated, a between has both bounds, every rule has conditions,
-- every stage is one that exists.
{%- set stage = '(' ~ lifecycle_stages() | join('|') ~ ')' %}
select
    alert_code as rule,
    'operator or bounds of an alert rule' as problem
from {{ ref('alert_rule') }}
where
    operator not in ('>', '>=', '<', '<=', '=', 'between')
    or threshold is null
    or (operator = 'between') <> (upper_threshold is not null)
    or severity not in ('HIGH', 'MEDIUM', 'LOW')
union all
select
    rule,
    'a stage that does not exist' as problem
from (
    select
        alert_code as rule,
        stages
    from {{ ref('alert_rule') }}
    union all
    select
        rule_id as rule,
        stages
    from {{ ref('recommendation_rule') }}
) as stage_rule
where not {{ regex_matches('stages', '^' ~ stage ~ '([|]' ~ stage ~ ')*$') }}
union all
select
    rule_id as rule,
    'operator or threshold of a condition' as problem
from {{ ref('recommendation_condition') }}
where operator not in ('>', '>=', '<', '<=', '=') or threshold is null
union all
select
    recommendation_rule.rule_id as rule,
    'rule without conditions' as problem
from {{ ref('recommendation_rule') }} as recommendation_rule
left join {{ ref('recommendation_condition') }} as recommendation_condition
    on recommendation_rule.rule_id = recommendation_condition.rule_id
where recommendation_condition.rule_id is null
