{% test primary_key(model, column_name=none, columns=none, nullable=[]) %}
    {#- Rows whose key is null, and keys that occur more than once. columns: a key of several;
    nullable: those of them that may be null, which is a value like any other there. Only keys
    whose hash occurs more than once are compared: a hash of many columns is small. -#}
    {%- set key = columns or [column_name] -%}
    with hashed as (
        select
            {{ key | join(', ') }},
            {{ row_hash(key) }} as key_hash
        from {{ model }}
    ),

    suspect as (
        select key_hash from hashed
        group by key_hash
        having count(*) > 1
    )

    select
        {{ key | join(', ') }},
        count(*) as row_count
    from hashed
    where
        key_hash in (select suspect.key_hash from suspect)
        {%- for column in key if column not in nullable %}
        or {{ column }} is null
        {%- endfor %}
    group by {{ key | join(', ') }}
    having
        count(*) > 1
        {%- for column in key if column not in nullable %}
        or {{ column }} is null
        {%- endfor %}
{% endtest %}

{% test is_true(model, condition, column_name=none) %}
    {#- Rows for which a condition is false; rows for which it is null pass. -#}
    select *
    from {{ model }}
    where not ({{ condition }})
{% endtest %}
