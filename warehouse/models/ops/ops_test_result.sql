with source as (

    select *
    from {{ run_log('test_result', {
        'build_id': 'string',
        'unique_id': 'string',
        'test_name': 'string',
        'test_type': 'string',
        'model_name': 'string',
        'column_name': 'string',
        'severity': 'string',
        'status': 'string',
        'failures': 'bigint',
        'started_at': 'timestamp',
        'seconds': 'double',
        'message': 'string'
    }) }}

)

select
    build_id,
    unique_id,
    test_name,
    test_type,
    model_name,
    column_name,
    severity,
    status,
    failures,
    started_at,
    seconds,
    message
from source
