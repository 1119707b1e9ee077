{% macro email_address(value) -%}
    {#- An e-mail address in small letters; null when the text is none (RFC 5321 as mail servers
        apply it: dot-separated local part, host name with a letters-only last label). -#}
    case
        when {{ regex_matches(
            'lower(trim(' ~ value ~ '))',
            "^[a-z0-9!#$%&*+/=?^_`|~''-]+(\\.[a-z0-9!#$%&*+/=?^_`|~''-]+)*"
            ~ '@([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,63}$'
        ) }}
            then lower(trim({{ value }}))
    end
{%- endmacro %}

{% macro web_domain(value) -%}
    {#- The host of a web address without `www.`, in small letters; null when there is none. -#}
    nullif({{ regex_extract(
        'lower(trim(' ~ value ~ '))',
        '^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@?#]*@)?(?:www[0-9]?\\.)?'
        ~ '((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,63})\\.?(?::[0-9]+)?(?:[/?#].*)?$'
    ) }}, '')
{%- endmacro %}

{% macro phone_characters(value) -%}
    {#- Digits of a phone number, after a `+` if it began with one; extensions and the bracketed
        trunk prefix of an international number (`+44 (0)20`) are dropped. Null when letters or
        other signs are left: then it is no number. -#}
    nullif({{ regex_extract(
        regex_replace(
            regex_replace(
                'lower(trim(' ~ value ~ '))',
                '\\s*(?:;?ext(?:ension|n)?[.:= ]*|[;,]?\\s*x[.: ]*|#\\s*)[0-9]{1,7}$'
                ~ '|^tel:|(\\+[0-9 ]*)\\(0\\)',
                '\\1'
            ),
            '[\\s\\x{00A0}./()\\[\\]\\-\\x{2010}-\\x{2015}]',
            ''
        ),
        '^[+＋]?[0-9]{3,17}$',
        0
    ) }}, '')
{%- endmacro %}

{% macro has_length(lengths, digits) -%}
    {#- True when the number of digits is one of the listed lengths (`|9|10|`). -#}
    contains({{ lengths }}, '|' || length({{ digits }}) || '|')
{%- endmacro %}

{% macro international_digits(characters, country) -%}
    {#- Digits of a phone number from the calling code on, or null. characters: see
        phone_characters; country: alias of a `country` row, that of the account, whose rules read a
        number that was written the national way. -#}
    case
        when {{ characters }} like '+%' then substr({{ characters }}, 2)
        when
            {{ country }}.international_prefix <> ''
            and left({{ characters }}, length({{ country }}.international_prefix)) = {{ country }}.international_prefix
            and length({{ characters }}) - length({{ country }}.international_prefix) >= 8
            then substr({{ characters }}, length({{ country }}.international_prefix) + 1)
        when
            {{ country }}.trunk_prefix <> ''
            and left({{ characters }}, length({{ country }}.trunk_prefix)) = {{ country }}.trunk_prefix
            and {{ has_length(
                country ~ '.national_lengths',
                'substr(' ~ characters ~ ', length(' ~ country ~ '.trunk_prefix) + 1)'
            ) }}
            then
                {{ country }}.calling_code
                || substr({{ characters }}, length({{ country }}.trunk_prefix) + 1)
        when
            {{ has_length(country ~ '.national_lengths', characters) }}
            and not (
                {{ characters }} like '0%' and coalesce({{ country }}.trunk_prefix, '') like '0%'
            )
            then {{ country }}.calling_code || {{ characters }}
        when
            left({{ characters }}, length({{ country }}.calling_code)) = {{ country }}.calling_code
            and {{ has_length(
                country ~ '.national_lengths',
                'substr(' ~ characters ~ ', length(' ~ country ~ '.calling_code) + 1)'
            ) }}
            then {{ characters }}
        when {{ characters }} like '00%' then substr({{ characters }}, 3)
    end
{%- endmacro %}

{% macro calling_code(digits) -%}
    {#- The calling code with which international digits begin: one digit for zones 1 and 7, two
        for the codes that ITU-T E.164 assigns in two digits, else three. -#}
    case
        when left({{ digits }}, 1) in ('1', '7') then left({{ digits }}, 1)
        when
            left({{ digits }}, 2) in (
                '20', '27', '30', '31', '32', '33', '34', '36', '39', '40', '41', '43', '44', '45',
                '46', '47', '48', '49', '51', '52', '53', '54', '55', '56', '57', '58', '60', '61',
                '62', '63', '64', '65', '66', '81', '82', '84', '86', '90', '91', '92', '93', '94',
                '95', '98'
            )
            then left({{ digits }}, 2)
        else left({{ digits }}, 3)
    end
{%- endmacro %}

{% macro phone_e164(digits, plan) -%}
    {#- E.164 form (`+27115551234`) of international digits, null when no number of that length
        exists in the country. plan: alias of the `country` row of the calling code. A trunk prefix
        that was kept after the calling code is dropped: always where it begins with 0, with which
        no number there begins, else where the number is too long with it. -#}
    {%- set national = 'substr(%s, length(%s.calling_code) + 1)' | format(digits, plan) -%}
    {%- set stripped = 'substr(%s, length(%s.calling_code) + length(%s.trunk_prefix) + 1)'
        | format(digits, plan, plan) -%}
    {%- set lengths = plan ~ '.national_lengths' -%}
    case
        when
            {{ has_length(lengths, national) }}
            and not ({{ national }} like '0%' and coalesce({{ plan }}.trunk_prefix, '') like '0%')
            then '+' || {{ digits }}
        when
            {{ plan }}.trunk_prefix <> ''
            and left({{ national }}, length({{ plan }}.trunk_prefix)) = {{ plan }}.trunk_prefix
            and {{ has_length(lengths, stripped) }}
            then '+' || {{ plan }}.calling_code || {{ stripped }}
    end
{%- endmacro %}
