{#- More of what engines write differently (see engine.sql): numbers, their text, their medians. -#}

{% macro number_series(first, last) -%}
    {#- A subquery with one row per whole number (column `number`), both ends included. Why here:
        range() against an exploded sequence(). -#}
    {{ return(adapter.dispatch('number_series')(first, last)) }}
{%- endmacro %}

{% macro duckdb__number_series(first, last) -%}
    (select unnest(range({{ first }}, {{ last }} + 1)) as number)
{%- endmacro %}

{% macro grouped_number_text(value) -%}
    {#- A number without decimals and with thousands separators. Why here: format() against
        format_number(). -#}
    {{ return(adapter.dispatch('grouped_number_text')(value)) }}
{%- endmacro %}

{% macro duckdb__grouped_number_text(value) -%}
    format('{:,.0f}', round({{ value }}, 0) + 0.0)
{%- endmacro %}

{% macro median_of(expressions) -%}
    {#- Median of several expressions of one row, nulls left out. Why: list functions differ. -#}
    {{ return(adapter.dispatch('median_of')(expressions)) }}
{%- endmacro %}

{% macro duckdb__median_of(expressions) -%}
    list_aggregate([{{ expressions | join(', ') }}], 'median')
{%- endmacro %}

{% macro median_absolute_deviation_of(expressions) -%}
    {#- Median distance of several expressions of one row to their median, nulls left out. Why here:
        list functions differ. -#}
    {{ return(adapter.dispatch('median_absolute_deviation_of')(expressions)) }}
{%- endmacro %}

{% macro duckdb__median_absolute_deviation_of(expressions) -%}
    list_aggregate([{{ expressions | join(', ') }}], 'mad')
{%- endmacro %}

{% macro percentile(value, fraction) -%}
    {#- Aggregate: the value below which a fraction lies, interpolated, nulls left out. Why here:
        quantile_cont() against percentile(). -#}
    {{ return(adapter.dispatch('percentile')(value, fraction)) }}
{%- endmacro %}

{% macro duckdb__percentile(value, fraction) -%}
    quantile_cont({{ value }}, {{ fraction }})
{%- endmacro %}

{% macro hash_fraction(text) -%}
    {#- A number in [0, 1) that is the same for the same text on every run and machine. Why here:
        hexadecimal text becomes a number by a cast in DuckDB, by conv() in Spark. -#}
    {{ return(adapter.dispatch('hash_fraction')(text)) }}
{%- endmacro %}

{% macro duckdb__hash_fraction(text) -%}
    (cast('0x' || substr(md5({{ text }}), 1, 8) as bigint) / 4294967296.0)
{%- endmacro %}

{% macro lookup_bucket(text) -%}
    {#- The bucket of an id, a number below 2 ^ 24: the first six hexadecimal digits of its MD5.
        Tables that are read by id lie in this order, because DuckDB skips row groups by the first
        eight characters of a text, and all Salesforce ids of an org begin with the same; an index
        would fetch row by row, which takes ten times as long for a customer's events. Why here:
        hexadecimal text becomes a number by a cast in DuckDB, by conv() in Spark. -#}
    {{ return(adapter.dispatch('lookup_bucket')(text)) }}
{%- endmacro %}

{% macro duckdb__lookup_bucket(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 6) as integer)
{%- endmacro %}

{% macro row_hash(expressions) -%}
    {#- A 64-bit hash of several expressions, the same within a query only. Why here: hash() against
        xxhash64(). -#}
    {{ return(adapter.dispatch('row_hash')(expressions)) }}
{%- endmacro %}

{% macro duckdb__row_hash(expressions) -%}
    hash({{ expressions | join(', ') }})
{%- endmacro %}

{% macro hash_bucket(text, buckets) -%}
    {#- One of so many numbered buckets, from 0, the same for the same text on every run. -#}
    cast(floor({{ hash_fraction(text) }} * {{ buckets }}) as integer)
{%- endmacro %}
