{{ config(materialized='view') }}

{% if 'as_of' in published_columns('scored_date') -%}
    select as_of
    from published.gold.scored_date
{%- else -%}
    select cast(null as date) as as_of
    where false
{%- endif %}
