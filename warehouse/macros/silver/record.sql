{% macro newest_version(relation, key, deleted=false) -%}
    {#- Subquery: the newest version of every record in a base view, deleted records left out, or of
        those alone that are deleted. One
        row per record; a record is recognised by the first 15 characters of its id. The version
        extracted last wins; within one extraction a hard delete (no SystemModstamp), then the
        latest change. -#}
    {#- Only records of several versions are sorted: sorting all of them takes most of the time of
        a first build, where every record has one. -#}
    (
        with repeated as (

            select left({{ key }}, 15) as record_key
            from {{ relation }}
            group by left({{ key }}, 15)
            having count(*) > 1

        ),

        numbered as (

            select
                version.*,
                1 as version_number
            from {{ relation }} as version
            left join repeated on left(version.{{ key }}, 15) = repeated.record_key
            where repeated.record_key is null
            union all
            select
                version.*,
                row_number() over (
                    partition by repeated.record_key
                    order by
                        version.extracted_at desc,
                        version.system_modstamp desc nulls first,
                        version.is_deleted desc
                ) as version_number
            from {{ relation }} as version
            inner join repeated on left(version.{{ key }}, 15) = repeated.record_key

        )

        select *
        from numbered
        where
            version_number = 1
            and {{ 'not ' if not deleted }}coalesce({{ to_boolean('is_deleted') }}, false)
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

{% macro surviving_account_id(value) -%}
    {#- The account that a reference means, as an 18-character id: where that was merged away, the
        one that survived it (model int_account_alias). -#}
    coalesce(
        (
            select max(alias.surviving_account_id)
            from {{ ref('int_account_alias') }} as alias
            where alias.account_id = {{ salesforce_id(value) }}
        ),
        {{ salesforce_id(value) }}
    )
{%- endmacro %}
