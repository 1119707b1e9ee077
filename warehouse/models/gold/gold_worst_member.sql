{#- One average hides a failing region: per score, the member that is worst and how bad it is. -#}
{%- set scores = [('health_score', 1), ('churn_risk_score', -1)] -%}
with master as (

    select
        customer_id as master_account_id,
        account_id
    from {{ ref('core_customer_account') }}
    where customer_kind = 'master'

),

member_score as (

    {%- for score, direction in scores %}
        select
            master.master_account_id,
            metrics.as_of,
            '{{ score }}' as score,
            metrics.customer_id as account_id,
            metrics.{{ score }} as member_score,
            row_number() over (
                partition by master.master_account_id, metrics.as_of
                order by {{ direction }} * metrics.{{ score }} asc, metrics.customer_id asc
            ) as rank_in_master
        from {{ ref('gold_customer_360_metrics') }} as metrics
        inner join master on metrics.customer_id = master.account_id
        where metrics.{{ score }} is not null
        {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    master_account_id,
    as_of,
    score,
    account_id,
    member_score
from member_score
where rank_in_master = 1
