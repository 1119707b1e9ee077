{% macro newest_version(relation, key) -%}
    {#- Subquery: the newest version of every record in a base view, deleted records left out. One
        row per record; a record is recognised by the first 15 characters of its id. The version
        extracted last wins; within one extraction a hard delete (no SystemModstamp), then the
        latest change. -#}
    (
        select *
        from (
            select
                *,
                row_number() over (
                    partition by left({{ key }}, 15)
                    order by extracted_at desc, system_modstamp desc nulls first, is_deleted desc
                ) as version_number
            from {{ relation }}
        ) as version
        where version_number = 1 and not coalesce({{ to_boolean('is_deleted') }}, false)
    )
{%- endmacro %}

{% macro record_columns(alias) -%}
    {#- The columns that every silver table ends with: when the record was made, changed and
        extracted (UTC), and from where. -#}
    {{ to_timestamp(alias ~ '.created_at') }} as created_at,
    {{ to_timestamp(alias ~ '.last_modified_at') }} as last_modified_at,
    {{ to_timestamp(alias ~ '.system_modstamp') }} as system_modstamp,
    {{ to_timestamp(alias ~ '.extracted_at') }} as extracted_at,
    {{ alias }}.source_system,
    {{ alias }}.batch_id
{%- endmacro %}
