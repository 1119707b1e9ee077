with source as (

    select *
    from {{ run_log('model_run', {
        'build_id': 'string',
        'unique_id': 'string',
        'resource_type': 'string',
        'model_name': 'string',
        'schema_name': 'string',
        'table_name': 'string',
        'materialization': 'string',
        'status': 'string',
        'started_at': 'timestamp',
        'seconds': 'double',
        'rows': 'bigint',
        'message': 'string'
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
