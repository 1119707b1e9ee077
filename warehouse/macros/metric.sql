{% macro metric_units() %}
    {#- Every metric of gold.customer_360_metrics that rules, scores and messages may name, with
    the unit its value is written in. A new measure is one more line here. -#}
    {{ return({
        'max_days_overdue': 'days',
        'overdue_amount_usd': 'usd',
        'on_time_payment_rate_12m': 'fraction',
        'on_time_rate_change_6m': 'change',
        'open_cases': 'count',
        'escalated_open_cases': 'count',
        'cases_per_service_90d': 'number',
        'cases_change_90d': 'number',
        'high_severity_share_90d': 'fraction',
        'mean_resolution_hours_180d': 'hours',
        'sla_breaches_90d': 'count',
        'usage_change_90d': 'change',
        'usage_zscore': 'number',
        'days_since_last_contact': 'days',
        'meetings_180d': 'count',
        'qbrs_180d': 'count',
        'renewal_rate_24m': 'fraction',
        'mrr_usd': 'usd',
        'arr_usd': 'usd',
        'annual_revenue_usd': 'usd',
        'previous_annual_revenue_usd': 'usd',
        'yoy_growth': 'change',
        'clv_usd': 'usd',
        'active_services': 'count',
        'win_rate': 'fraction',
        'pipeline_usd': 'usd',
        'weighted_pipeline_usd': 'usd',
        'days_to_expiry': 'days',
        'disputed_amount_usd': 'usd',
        'overdue_share': 'fraction',
    }) }}
{% endmacro %}

{% macro derived_metric_units() %}
    {#- Metrics that exist only after scoring: rules and messages may name them, scores may not. -#}
    {{ return({
        'health_score': 'score',
        'health_coverage': 'fraction',
        'churn_risk_score': 'score',
        'churn_risk_coverage': 'fraction',
        'payment_history': 'score',
        'support_quality': 'score',
        'usage_trends': 'score',
        'engagement': 'score',
        'usage_decline': 'score',
        'payment_issues': 'score',
        'support_problems': 'score',
        'low_engagement': 'score',
        'revenue_share': 'fraction',
        'clv_predicted_usd': 'usd',
        'expected_loss_usd': 'usd',
        'days_to_leave': 'days',
    }) }}
{% endmacro %}

{% macro metric_aliases() %}
    {#- Other names under which rules know a metric. -#}
    {{ return({'usage_growth': 'usage_change_90d', 'engagement_score': 'engagement'}) }}
{% endmacro %}

{% macro all_metric_units() %}
    {#- Scored and derived metrics and the aliases of both, with units. -#}
    {%- if not execute -%}
        {#- dbt's parser and the linter need the shape of a query only, not every metric. -#}
        {{ return({'max_days_overdue': 'days', 'arr_usd': 'usd'}) }}
    {%- endif -%}
    {%- set units = dict(metric_units(), **derived_metric_units()) -%}
    {%- for alias, metric in metric_aliases().items() -%}
        {%- do units.update({alias: units[metric]}) -%}
    {%- endfor -%}
    {{ return(units) }}
{% endmacro %}

{% macro measure_value(name, relation) %}
    {#- The value of the measure called `name` (an expression) in a row of `relation`, a double. -#}
    case {{ name }}
        {%- for metric in metric_units() %}
            when '{{ metric }}' then cast({{ relation }}.{{ metric }} as double)
        {%- endfor %}
    end
{% endmacro %}

{% macro metric_value(name, relation) %}
    {#- The value of any metric or alias called `name` (an expression) in a row of `relation`, as
    double. This is what makes rules data: a rule may name any metric without a change of code. -#}
    {%- set aliases = metric_aliases() -%}
    case {{ name }}
        {%- for metric in all_metric_units() %}
            when '{{ metric }}'
                then cast({{ relation }}.{{ aliases.get(metric, metric) }} as double)
        {%- endfor %}
    end
{% endmacro %}

{% macro metric_unit(name) %}
    {#- The unit of the metric called `name` (an expression). -#}
    case {{ name }}
        {%- for metric, unit in all_metric_units().items() %}
            when '{{ metric }}' then '{{ unit }}'
        {%- endfor %}
    end
{% endmacro %}

{% macro presence_bits(relation) %}
    {#- One bit per measure, set where its value is known: customers with the same bits share the
    same effective weights, so weights are worked out once per pattern, not once per customer. -#}
    {%- for metric in metric_units() %}
        {{ '+ ' if not loop.first }}case
            when {{ relation }}.{{ metric }} is null then 0 else cast({{ 2 ** loop.index0 }} as bigint)
        end
    {%- endfor %}
{% endmacro %}

{% macro is_present(name, bits) %}
    {#- Whether the measure called `name` (an expression) is known in the pattern `bits`. -#}
    case {{ name }}
        {%- for metric in metric_units() %}
            when '{{ metric }}'
                then ({{ bits }} & cast({{ 2 ** loop.index0 }} as bigint)) <> 0
        {%- endfor %}
    end
{% endmacro %}

{% macro condition_holds(value, operator, threshold, upper_threshold=none) %}
    {#- Whether a rule's condition holds. A null value satisfies nothing: false, never null. -#}
    coalesce(
        case {{ operator }}
            when '>' then {{ value }} > {{ threshold }}
            when '>=' then {{ value }} >= {{ threshold }}
            when '<' then {{ value }} < {{ threshold }}
            when '<=' then {{ value }} <= {{ threshold }}
            when '=' then {{ value }} = {{ threshold }}
            {%- if upper_threshold %}
            when 'between' then {{ value }} between {{ threshold }} and {{ upper_threshold }}
            {%- endif %}
        end,
        false
    )
{% endmacro %}

{% macro number_text(value, decimals) -%}
    {#- A number with fixed decimals, half away from zero. Through decimal, which many millions of
    sentences can afford, and which knows no "-0"; first to more decimals, because the double next
    to 15.75 may lie below it. -#}
    cast(cast(cast({{ value }} as decimal(18, 6)) as decimal(18, {{ decimals }})) as string)
{%- endmacro %}

{% macro metric_text(value, unit) %}
    {#- A metric's value in words, in its unit; `unit` is an expression or a quoted literal. -#}
    case {{ unit }}
        when 'usd' then 'USD ' || {{ grouped_number_text(value) }}
        when 'fraction' then {{ number_text('100 * ' ~ value, 0) }} || ' %'
        when 'change' then
            case when {{ value }} > 0 then '+' else '' end
            || {{ number_text('100 * ' ~ value, 0) }} || ' %'
        when 'days' then
            {{ number_text(value, 0) }} || case when {{ value }} = 1 then ' day' else ' days' end
        when 'hours' then {{ number_text(value, 1) }} || ' hours'
        when 'count' then {{ number_text(value, 0) }}
        when 'score' then {{ number_text(value, 1) }}
        else {{ number_text(value, 2) }}
    end
{% endmacro %}

{% macro fill_message(template, relation) %}
    {#- `template` (an expression) with every metric in braces replaced by its value in `relation`;
    what is not known reads "unknown". -#}
    {%- set aliases = metric_aliases() -%}
    {%- set units = all_metric_units() -%}
    {%- set dates = ['contract_end_date', 'customer_since', 'left_on', 'leaves_on'] -%}
    {%- for metric in units %}replace({% endfor -%}
    {%- for date in dates %}replace({% endfor -%}
    {{ template }}
    {%- for date in dates -%}
        , '{{ '{' ~ date ~ '}' }}', coalesce(cast({{ relation }}.{{ date }} as string), 'unknown'))
    {%- endfor -%}
    {%- for metric, unit in units.items() %}
        , '{{ '{' ~ metric ~ '}' }}',
        coalesce({{ metric_text('cast(' ~ relation ~ '.' ~ aliases.get(metric, metric) ~ ' as double)', "'" ~ unit ~ "'") }}, 'unknown'))
    {%- endfor -%}
{% endmacro %}

{% macro settled(value) -%}
    {#- A computed double to nine decimals: sums of doubles differ in their last digits with the
    order in which threads add, and a rebuild has to give the same numbers. -#}
    round({{ value }}, 9)
{%- endmacro %}

{% macro exact_sum(value, decimals) -%}
    {#- Aggregate: a sum, as double, that does not depend on the order of its terms, which are taken
    to so many decimals. For terms that may add up to a tie, which `settled` would not settle. -#}
    cast(sum(cast({{ value }} as decimal(18, {{ decimals }}))) as double)
{%- endmacro %}

{% macro rounded_score(value) %}
    {#- A score to one decimal, half away from zero. Through decimal, because the double next to
    69.95 may lie below it, and rounding that would give 69.9. -#}
    cast(round(cast({{ value }} as decimal(18, 9)), 1) as double)
{% endmacro %}

{% macro score_category(value) %}
    {#- Category of a rounded health score: from 80 Healthy, from 50 At-Risk, below Critical. -#}
    case
        when {{ value }} is null then 'Unknown'
        when {{ value }} >= 80 then 'Healthy'
        when {{ value }} >= 50 then 'At-Risk'
        else 'Critical'
    end
{% endmacro %}

{% macro risk_level(value) %}
    {#- Level of a rounded churn risk score: >= 70 HIGH, [40, 70) MEDIUM, < 40 LOW. -#}
    case
        when {{ value }} is null then 'Unknown'
        when {{ value }} >= 70 then 'HIGH'
        when {{ value }} >= 40 then 'MEDIUM'
        else 'LOW'
    end
{% endmacro %}

{% macro month_number(day) %}
    {#- Months counted from a fixed one, so that months can be subtracted. -#}
    {{- months_between("date '1970-01-01'", day) -}}
{% endmacro %}

{% macro hash_bucket(text, buckets) -%}
    {#- One of so many numbered buckets, from 0, the same for the same text on every run. -#}
    cast(floor({{ hash_fraction(text) }} * {{ buckets }}) as integer)
{%- endmacro %}
