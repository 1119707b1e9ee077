{% macro component_points(component) -%}
    {#- Aggregate over gold.score_contribution: the points of a component, the mean of its measures'
        points by their weights. Rounded, because a weighted mean of 100 and 100 is not always 100
        in binary. -#}
    round(
        {{ exact_sum(
            "case when component = '" ~ component ~ "' then weight * points end", 12
        ) }}
        / {{ exact_sum("case when component = '" ~ component ~ "' then weight end", 12) }},
        9
    )
{%- endmacro %}
