{% macro country_key(value) -%}
    {#- The form in which spellings of a country are compared: small letters without accents and
        full stops, whitespace collapsed. -#}
    {{ clean_text('lower(' ~ strip_accents('replace(' ~ value ~ ", '.', '')") ~ ')') }}
{%- endmacro %}

{% macro country_join(value, alias='country_spelling') -%}
    {#- Join that finds the ISO code (`<alias>.country_code`) of a country as somebody wrote it. -#}
    left join {{ ref('int_country_spelling') }} as {{ alias }}
        on {{ country_key(value) }} = {{ alias }}.spelling
{%- endmacro %}

{% macro picklist_join(field, value) -%}
    {#- Join that finds the standard form of a picklist value in the seed picklist_mapping;
        see picklist_value. field: the seed's name of the picklist. -#}
    left join {{ ref('picklist_mapping') }} as {{ field }}_mapping
        on
            {{ field }}_mapping.field = '{{ field }}'
            and lower(trim({{ value }})) = {{ field }}_mapping.raw_value
{%- endmacro %}

{% macro picklist_value(field, value) -%}
    {#- The standard form of a picklist value, the clean text itself when the seed has none. Needs
        picklist_join. -#}
    coalesce({{ field }}_mapping.standard_value, {{ clean_text(value) }})
{%- endmacro %}

{% macro currency_code(value) -%}
    {#- An ISO 4217 code in capitals; null when the text has not three letters. -#}
    case
        when {{ regex_matches('upper(trim(' ~ value ~ '))', '^[A-Z]{3}$') }}
            then upper(trim({{ value }}))
    end
{%- endmacro %}

{% macro exchange_rate_join(currency, day) -%}
    {#- Join that finds the rate of a currency on a record's own day: the latest known on or before
        it (`rate.exchange_rate`, `rate.exchange_rate_date`). Days after as_of, and records without
        a day, take the rate known at as_of. -#}
    left join {{ ref('silver_exchange_rate_day') }} as rate
        on
            {{ currency }} = rate.currency_code
            and coalesce(least({{ day }}, {{ run_as_of() }}), {{ run_as_of() }}) = rate.rate_day
{%- endmacro %}

{% macro to_usd(amount, exchange_rate='rate.exchange_rate') -%}
    {#- An amount in US dollars; null without a rate. The rate given by default needs
        exchange_rate_join. The amount is widened by a digit, because DuckDB multiplies decimals of
        up to 18 digits in 64 bits, where a hundred million at a rate of twelve decimals overflows. -#}
    cast(cast({{ amount }} as decimal(19, 2)) * {{ exchange_rate }} as decimal(18, 2))
{%- endmacro %}
