{% macro lifecycle_stages() %}
    {#- Every stage, in the order in which they are told apart, and whether its customers are
    scored. -#}
    {{ return({
        'prospect': false,
        'former': false,
        'leaving': true,
        'onboarding': true,
        'active': true,
    }) }}
{% endmacro %}

{% macro scored_stages() %}
    {#- The stages whose customers are scored. -#}
    {%- set scored = [] -%}
    {%- for stage, is_scored in lifecycle_stages().items() if is_scored -%}
        {%- do scored.append(stage) -%}
    {%- endfor -%}
    {{ return(scored) }}
{% endmacro %}

{% macro is_scored(stage) -%}
    {#- Whether customers of a stage are scored. A date that was published before there were stages
    is kept as it was: everybody was scored. -#}
    coalesce({{ stage }}, 'active') in ('{{ scored_stages() | join("', '") }}')
{%- endmacro %}

{% macro is_for_stage(stages, stage) -%}
    {#- Whether a rule with these stages, separated by bars, holds for a stage; a rule that names
    none is for all that are scored. -#}
    (
        '|' || coalesce({{ stages }}, '{{ scored_stages() | join("|") }}') || '|'
        like '%|' || coalesce({{ stage }}, 'active') || '|%'
    )
{%- endmacro %}
