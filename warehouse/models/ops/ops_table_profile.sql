with source as (

    select *
    from {{ run_log('table_profile', {
        'build_id': 'varchar',
        'schema_name': 'varchar',
        'table_name': 'varchar',
        'column_name': 'varchar',
        'data_type': 'varchar',
        'row_count': 'bigint',
        'null_count': 'bigint',
        'approximate_distinct_count': 'bigint',
        'min_value': 'varchar',
        'max_value': 'varchar'
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
