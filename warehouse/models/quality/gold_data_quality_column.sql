{#- Tables only: views (score_change, measure_evidence) work all of history out anew. -#}
{%- set gold_tables = [
    'account_link', 'churn_backtest', 'churn_calibration', 'churn_risk', 'customer',
    'customer_360_current', 'customer_account', 'customer_alias', 'customer_timeline',
    'health_score',
    'link_review', 'master_account', 'portfolio_summary', 'recommendations',
    'revenue_movement', 'risk_alerts', 'score_contribution', 'scored_date',
    'worst_member',
] -%}
{#- Of tables that have every scored date, the newest one by this column: what is known today is
not hidden by two years of history. -#}
{%- set dated = {
    'churn_risk': 'as_of',
    'health_score': 'as_of',
    'portfolio_summary': 'as_of',
    'score_contribution': 'as_of',
    'worst_member': 'as_of',
} -%}
{%- set profiles = [] -%}
{%- for object in silver_objects() -%}
    {%- for layer, relation in [
        ('bronze', ref('base_' ~ object)), ('silver', ref('silver_' ~ object))
    ] -%}
        {%- set columns = relation_columns(relation).keys() | list if execute else ['object'] -%}
        {%- do profiles.append(
            "select '" ~ layer ~ "' as layer, '" ~ object ~ "' as object, column_name as field, "
            ~ 'row_count, null_count from (' ~ column_profile(relation, columns) ~ ') as profile'
        ) -%}
    {%- endfor -%}
{%- endfor -%}
{%- for table in gold_tables -%}
    {%- set is_core = table in ('customer_account', 'scored_date') -%}
    {%- set relation = ref(('core_' if is_core else 'gold_') ~ table) -%}
    {%- set columns = relation_columns(relation).keys() | list if execute else ['customer_id'] -%}
    {%- set rows -%}
        {%- if table in dated -%}
            (select * from {{ relation }} where {{ dated[table] }} = {{ run_as_of() }}) as newest
        {%- else -%}
            {{ relation }}
        {%- endif -%}
    {%- endset -%}
    {%- do profiles.append(
        "select 'gold' as layer, '" ~ table ~ "' as object, column_name as field, "
        ~ 'row_count, null_count from (' ~ column_profile(rows, columns) ~ ') as profile'
    ) -%}
{%- endfor -%}

with profile as (

    {{ profiles | join('\n    union all\n    ') }}

)

select
    layer,
    object,
    field,
    row_count,
    null_count,
    cast(null_count as double) / nullif(row_count, 0) as null_share
from profile
