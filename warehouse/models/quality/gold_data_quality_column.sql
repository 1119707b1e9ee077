{%- set profiles = [] -%}
{%- for object in silver_objects() -%}
    {%- for layer, relation in [
        ('bronze', ref('base_' ~ object)), ('silver', ref('silver_' ~ object))
    ] -%}
        {%- set columns = relation_columns(relation).keys() | list if execute else ['object'] -%}
        {%- do profiles.append(
            "select '" ~ layer ~ "' as layer, '" ~ object ~ "' as object, column_name as field, "
            ~ 'row_count, null_count from (' ~ column_profile(relation, columns) ~ ') as profile'
        ) -%}
    {%- endfor -%}
{%- endfor -%}

with profile as (

    {{ profiles | join('\n    union all\n    ') }}

)

select
    layer,
    object,
    field,
    row_count,
    null_count,
    cast(null_count as double) / nullif(row_count, 0) as null_share
from profile
