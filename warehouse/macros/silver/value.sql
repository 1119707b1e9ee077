{% macro to_date(value) -%}
    {#- A date of a date, a timestamp or ISO text; null when it is none or lies outside the years
        that Salesforce stores (1700 to 4000). A cast to a date ignores what follows it, a cast to a
        timestamp does not: "2026-03-31x" is none. -#}
    case
        when
            try_cast({{ value }} as date) between date '1700-01-01' and date '4000-12-31'
            and {{ try_timestamp('trim(cast(' ~ value ~ ' as string))') }} is not null
            then try_cast({{ value }} as date)
    end
{%- endmacro %}

{% macro to_timestamp(value) -%}
    {#- A naive UTC timestamp of a timestamp, a date or ISO text (`Z` and `+0000` both occur); null
        when it is none. -#}
    {{ try_timestamp(value) }}
{%- endmacro %}

{% macro to_decimal(value, precision=18, scale=2) -%}
    {#- A decimal of a number or text, rounded to scale; thousands may be separated by commas. Null
        when it is none, or too large. -#}
    coalesce(
        try_cast({{ value }} as decimal({{ precision }}, {{ scale }})),
        case
            when {{ regex_matches(
                'cast(' ~ value ~ ' as string)', '^\\s*-?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?\\s*$'
            ) }}
                then try_cast(
                    replace(cast({{ value }} as string), ',', '')
                    as decimal({{ precision }}, {{ scale }})
                )
        end
    )
{%- endmacro %}

{% macro to_integer(value) -%}
    {#- A whole number of a number or text, rounded; null when it is none. -#}
    try_cast({{ to_decimal(value, 18, 0) }} as integer)
{%- endmacro %}

{% macro percent_to_fraction(value) -%}
    {#- A fraction of a percentage (25, '25' or '25 %' to 0.25); null when it is none or lies
        outside 0 to 100. -#}
    case
        when {{ percent_number(value) }} between 0 and 100
            then cast({{ percent_number(value) }} / 100 as decimal(9, 6))
    end
{%- endmacro %}

{% macro percent_number(value) -%}
    {#- The number before a percent sign. -#}
    try_cast(trim(replace(cast({{ value }} as string), '%', '')) as decimal(18, 4))
{%- endmacro %}

{% macro to_boolean(value) -%}
    {#- True or false of a boolean or text (true, t, yes, y, 1 and their opposites); null when it is
        none. -#}
    try_cast({{ value }} as boolean)
{%- endmacro %}

{% macro salesforce_id(value) -%}
    {#- The 18-character form of a Salesforce id; null when it is none. To the 15 case-sensitive
        characters three are added, one for each five: the letter whose place in A to Z, 0 to 5 is
        the number with a bit set for every capital among the five, the first the lowest bit. -#}
    {%- set checksum = [] -%}
    {%- for block in [0, 5, 10] -%}
        {%- set capitals = ['1'] -%}
        {%- for place in [0, 1, 2, 3, 4] -%}
            {%- do capitals.append(
                "case when substr(%s, %s, 1) between 'A' and 'Z' then %s else 0 end"
                | format(value, block + place + 1, 2 ** place)
            ) -%}
        {%- endfor -%}
        {%- do checksum.append(
            "substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', %s, 1)" | format(capitals | join(' + '))
        ) -%}
    {%- endfor -%}
    case length({{ value }})
        when 18 then {{ value }}
        when 15 then {{ value }} || {{ checksum | join(' || ') }}
    end
{%- endmacro %}
