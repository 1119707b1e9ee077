with source as (

    select *
    from {{ run_log('table_profile', {
        'build_id': 'string',
        'schema_name': 'string',
        'table_name': 'string',
        'column_name': 'string',
        'data_type': 'string',
        'row_count': 'bigint',
        'null_count': 'bigint',
        'approximate_distinct_count': 'bigint',
        'min_value': 'string',
        'max_value': 'string'
    }) }}

)

select
    build_id,
    schema_name,
    table_name,
    column_name,
    data_type,
    row_count,
    null_count,
    approximate_distinct_count,
    min_value,
    max_value
from source
