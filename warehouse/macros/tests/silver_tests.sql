{% test primary_key(model, column_name=none, columns=none) %}
    {#- Rows whose key is null, and keys that occur more than once. columns: a key of several. -#}
    {%- set key = columns or [column_name] -%}
    select
        {{ key | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ key | join(', ') }}
    having
        count(*) > 1
        {%- for column in key %}
        or {{ column }} is null
        {%- endfor %}
{% endtest %}

{% test is_true(model, condition, column_name=none) %}
    {#- Rows for which a condition is false; rows for which it is null pass. -#}
    select *
    from {{ model }}
    where not ({{ condition }})
{% endtest %}
