{% macro score_of_customers(score, components, label_column, label, kept) -%}
    {#- One row per customer and date to score: the score called `score` from its contributions,
    its label (an expression), its coverage, and the points of each component; with the rows of
    `kept`, the dates that stay as they were published. Both scores are this one query. -#}
with scored_customer as (

    select
        customer_id,
        as_of
    from {{ ref('int_customer_measure') }}

),

contribution as (

    select contribution.*
    from {{ ref('gold_score_contribution') }} as contribution
    inner join {{ ref('int_date_to_score') }} as date_to_score
        on contribution.as_of = date_to_score.as_of
    where contribution.score = '{{ score }}'

),

score as (

    select
        customer_id,
        as_of,
        max(coverage) as coverage,
        {{ exact_sum('contribution', 12) }} as unrounded_score
        {%- for component in components %}
            ,
            -- Rounded, because a weighted mean of 100 and 100 is not always 100 in binary.
            round(
                {{ exact_sum(
                    "case when component = '" ~ component ~ "' then weight * points end", 12
                ) }}
                / {{ exact_sum("case when component = '" ~ component ~ "' then weight end", 12) }},
                9
            ) as {{ component }}
            {%- endfor %}
    from contribution
    group by customer_id, as_of

),

rounded as (

    select
        scored_customer.customer_id,
        scored_customer.as_of,
        {{ rounded_score('score.unrounded_score') }} as {{ score }},
        coalesce(score.coverage, 0) as coverage,
        score.unrounded_score
        {%- for component in components %}
            ,
            score.{{ component }}
            {%- endfor %}
    from scored_customer
    left join score
        on
            scored_customer.customer_id = score.customer_id
            and scored_customer.as_of = score.as_of

)

select
    customer_id,
    as_of,
    {{ score }},
    {{ label }} as {{ label_column }},
    coverage,
    {%- for component in components %}
        {{ component }},
    {%- endfor %}
    unrounded_score
from rounded
union all
select * from {{ kept }}
{%- endmacro %}
