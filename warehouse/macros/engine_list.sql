{#- More of what engines write differently (see engine.sql): lists and their elements. -#}

{% macro unnest_list(values) -%}
    {#- One row per element of a list, in the list of columns. Why here: explode() in Spark. -#}
    {{ return(adapter.dispatch('unnest_list')(values)) }}
{%- endmacro %}

{% macro duckdb__unnest_list(values) -%}
    unnest({{ values }})
{%- endmacro %}

{% macro split_words(text) -%}
    {#- The words of a text, between single spaces, as a list. Why here: string_split() against
        split(). -#}
    {{ return(adapter.dispatch('split_words')(text)) }}
{%- endmacro %}

{% macro duckdb__split_words(text) -%}
    string_split({{ text }}, ' ')
{%- endmacro %}

{% macro list_length(values) -%}
    {#- Number of elements of a list. Why here: len() against size(). -#}
    {{ return(adapter.dispatch('list_length')(values)) }}
{%- endmacro %}

{% macro duckdb__list_length(values) -%}
    len({{ values }})
{%- endmacro %}

{% macro sorted_text(words) -%}
    {#- The words of a list in alphabetical order, between single spaces. Why here:
        array_to_string() and list_sort() against array_join() and array_sort(). -#}
    {{ return(adapter.dispatch('sorted_text')(words)) }}
{%- endmacro %}

{% macro duckdb__sorted_text(words) -%}
    array_to_string(list_sort({{ words }}), ' ')
{%- endmacro %}

{% macro list_places(values) -%}
    {#- The places of a list's elements, from 0, as a list. Why here: range() against
        sequence(). -#}
    {{ return(adapter.dispatch('list_places')(values)) }}
{%- endmacro %}

{% macro duckdb__list_places(values) -%}
    range(len({{ values }}))
{%- endmacro %}

{% macro text_places(text) -%}
    {#- The places of a text's characters, from 0, as a list. Why here: as for list_places. -#}
    {{ return(adapter.dispatch('text_places')(text)) }}
{%- endmacro %}

{% macro duckdb__text_places(text) -%}
    range(length({{ text }}))
{%- endmacro %}

{% macro list_element(values, place) -%}
    {#- The element of a list at a place, from 0. Why here: DuckDB counts from 1. -#}
    {{ return(adapter.dispatch('list_element')(values, place)) }}
{%- endmacro %}

{% macro duckdb__list_element(values, place) -%}
    {{ values }}[{{ place }} + 1]
{%- endmacro %}

{% macro list_total(values) -%}
    {#- Sum of a list of numbers, a double. Why here: list_sum() against aggregate(). -#}
    {{ return(adapter.dispatch('list_total')(values)) }}
{%- endmacro %}

{% macro duckdb__list_total(values) -%}
    list_sum({{ values }})
{%- endmacro %}
