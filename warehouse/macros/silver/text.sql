{% macro trim_to_null(value) -%}
    {#- The text without spaces at its ends; null when nothing is left. -#}
    nullif(trim({{ value }}), '')
{%- endmacro %}

{% macro collapse_whitespace(value) -%}
    {#- The text with every run of spaces, tabs, line breaks and no-break spaces made one space. The
        cheap tests come first: most texts need no regular expression. -#}
    case
        when
            contains({{ value }}, '  ')
            or contains({{ value }}, chr(9))
            or contains({{ value }}, chr(10))
            or contains({{ value }}, chr(13))
            or contains({{ value }}, chr(160))
            then {{ regex_replace(value, '[\\s\\x{00A0}]+', ' ') }}
        else {{ value }}
    end
{%- endmacro %}

{% macro clean_text(value) -%}
    {#- One line of text: whitespace collapsed, ends trimmed, empty to null. -#}
    {{ trim_to_null(collapse_whitespace(value)) }}
{%- endmacro %}

{% macro upper_text(value) -%}
    {#- Clean text in capitals. -#}
    upper({{ clean_text(value) }})
{%- endmacro %}

{% macro lower_text(value) -%}
    {#- Clean text in small letters. -#}
    lower({{ clean_text(value) }})
{%- endmacro %}

{% macro proper_case(value) -%}
    {#- A person's name with capitals where they belong, when it came all in capitals or all in
        small letters; a name in mixed case (McDonald, van der Berg) is left as it is. Expects
        clean text. -#}
    case
        when {{ value }} = upper({{ value }}) or {{ value }} = lower({{ value }})
            then {{ capitalise_words(value) }}
        else {{ value }}
    end
{%- endmacro %}

{% macro html_to_text(value) -%}
    {#- Clean text without HTML: scripts, styles, comments and tags dropped, the common entities
        decoded. A lone `<`, `>` or `&` is text and stays. -#}
    case
        when contains({{ value }}, '<') or contains({{ value }}, '&')
            then {{ trim_to_null(regex_replace(
                decode_entities(regex_replace(
                    value,
                    '(?is)<(script|style)\\b.*?</(script|style)\\s*>|<!--.*?-->|</?[a-z][^<>]*>',
                    ' '
                )),
                '[\\s\\x{00A0}]+',
                ' '
            )) }}
        else {{ clean_text(value) }}
    end
{%- endmacro %}

{% macro decode_entities(value) -%}
    {#- The text with the entities that editors write decoded, `&amp;` last. -#}
    {%- set entities = {
        '&nbsp;': ' ', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "''", '&amp;': '&'
    } -%}
    {%- set decoded = namespace(value=value) -%}
    {%- for entity, character in entities.items() -%}
        {%- set decoded.value = "replace(%s, '%s', '%s')" | format(
            decoded.value, entity, character
        ) -%}
    {%- endfor -%}
    {{ decoded.value }}
{%- endmacro %}
