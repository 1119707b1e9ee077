with source as (

    select *
    from {{ run_log('model_run', {
        'build_id': 'varchar',
        'unique_id': 'varchar',
        'resource_type': 'varchar',
        'model_name': 'varchar',
        'schema_name': 'varchar',
        'table_name': 'varchar',
        'materialization': 'varchar',
        'status': 'varchar',
        'started_at': 'timestamp',
        'seconds': 'double',
        'rows': 'bigint',
        'message': 'varchar'
    }) }}

)

select
    build_id,
    unique_id,
    resource_type,
    model_name,
    schema_name,
    table_name,
    materialization,
    status,
    started_at,
    seconds,
    rows,
    message
from source
