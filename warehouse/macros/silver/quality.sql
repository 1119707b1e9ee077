{% macro silver_objects() %}
    {#- The objects of the org that have a base view, a silver table and a model of their issues:
    what data quality is measured of. A new object is one more line here. -#}
    {{ return([
        'account',
        'contact',
        'opportunity',
        'opportunity_line_item',
        'product',
        'asset',
        'contract',
        'case',
        'task',
        'event',
        'user',
        'invoice',
        'usage',
    ]) }}
{% endmacro %}

{% macro record_issues(name, rejected={}, repaired={}, references={}, amounts={}) -%}
    {#- Query over what is wrong with the records of one object: one row per record and field, with
        columns object, record_id, field, raw_value, issue_type, reason; where a field has several
        issues, the first of the types in this order:

        rejected: field -> [expression, reason, raw field]: a value that is there but converts to
        null. The raw field is given where the base view calls it otherwise.
        repaired: field -> [expression, reason]: a text that converts to another.
        unconverted: from amounts, amount -> amount in USD: the first is there, the second null.
        orphan: from references, field -> object: an id whose record is not there.
        inferred: a currency that the record itself does not name.
        duplicate: a record that came several times in one extraction.

        name: the object, with base_<name>, silver_<name> and the key <name>_id. Expressions are
        over the columns of the base view (`version`) or, where a conversion needs more than its
        own record, of the silver table (`record`). -#}
    {%- set key = name ~ '_id' -%}
    {%- set tests = [] -%}
    {%- for field, test in rejected.items() -%}
        {%- set raw = test[2] or field -%}
        {%- do tests.append({
            'field': field,
            'priority': 1,
            'type': 'rejected',
            'reason': test[1],
            'raw': raw,
            'condition': "trim(cast(version.%s as string)) <> '' and %s is null"
                | format(raw, test[0]),
        }) -%}
    {%- endfor -%}
    {%- for field, test in repaired.items() -%}
        {%- do tests.append({
            'field': field,
            'priority': 2,
            'type': 'repaired',
            'reason': test[1],
            'raw': field,
            'condition': 'version.%s <> %s' | format(field, test[0]),
        }) -%}
    {%- endfor -%}
with record as (

    select * from {{ ref('silver_' ~ name) }}

),

suspect as (

    select
        record.{{ key }} as record_id
        {%- for test in tests %},
        case
            when {{ test.condition }} then cast(version.{{ test.raw }} as string)
        end as raw_{{ loop.index }}
        {%- endfor %}
    from {{ ref('base_' ~ name) }} as version
    inner join record
        on
            {{ salesforce_id('version.' ~ key) }} = record.{{ key }}
            and {{ to_timestamp('version.extracted_at') }} = record.extracted_at
            and version.batch_id = record.batch_id
    where
        {%- for test in tests %}
        {{ 'or ' if not loop.first }}({{ test.condition }})
        {%- endfor %}

),

repeated as (

    select
        {{ salesforce_id(key) }} as record_id,
        count(*) as versions
    from {{ ref('base_' ~ name) }}
    group by {{ salesforce_id(key) }}, batch_id
    having count(*) > 1

),

issue as (

    {%- for test in tests %}
    select
        record_id,
        '{{ test.field }}' as field,
        raw_{{ loop.index }} as raw_value,
        {{ test.priority }} as priority,
        '{{ test.type }}' as issue_type,
        '{{ test.reason }}' as reason
    from suspect
    where raw_{{ loop.index }} is not null
    union all
    {%- endfor %}
    {%- for amount, amount_usd in amounts.items() %}
    select
        record.{{ key }} as record_id,
        '{{ amount }}' as field,
        concat_ws(' ', cast(record.{{ amount }} as string), record.currency_code) as raw_value,
        3 as priority,
        'unconverted' as issue_type,
        case
            when record.currency_code is null then 'no currency'
            when known.currency_code is null then 'unknown currency: it has no exchange rate'
            else 'no exchange rate on or before the day'
        end as reason
    from record
    left join (
        select distinct currency_code
        from {{ ref('silver_exchange_rate') }}
    ) as known on record.currency_code = known.currency_code
    where record.{{ amount }} is not null and record.{{ amount_usd }} is null
    union all
    {%- endfor %}
    {%- for field, object in references.items() %}
    select
        record.{{ key }} as record_id,
        '{{ field }}' as field,
        record.{{ field }} as raw_value,
        4 as priority,
        'orphan' as issue_type,
        'no {{ object }} with this id' as reason
    from record
    left join {{ ref('silver_' ~ object) }} as parent
        on record.{{ field }} = parent.{{ object }}_id
    where record.{{ field }} is not null and parent.{{ object }}_id is null
    union all
    {%- endfor %}
    {%- if 'currency_code' in rejected %}
    select
        {{ key }} as record_id,
        'currency_code' as field,
        cast(null as string) as raw_value,
        5 as priority,
        'inferred' as issue_type,
        'no currency of its own: taken from the account or its region' as reason
    from record
    where is_currency_inferred and currency_code is not null
    union all
    {%- endif %}
    select
        record_id,
        '{{ key }}' as field,
        cast(versions as string) as raw_value,
        6 as priority,
        'duplicate' as issue_type,
        'several versions in one extraction: the newest is kept' as reason
    from repeated

)

select
    '{{ name }}' as object,
    record_id,
    field,
    min_by(raw_value, priority) as raw_value,
    min_by(issue_type, priority) as issue_type,
    min_by(reason, priority) as reason
from issue
group by record_id, field
{%- endmacro %}
