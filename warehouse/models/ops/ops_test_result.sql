with source as (

    select *
    from {{ run_log('test_result', {
        'build_id': 'varchar',
        'unique_id': 'varchar',
        'test_name': 'varchar',
        'test_type': 'varchar',
        'model_name': 'varchar',
        'column_name': 'varchar',
        'severity': 'varchar',
        'status': 'varchar',
        'failures': 'bigint',
        'started_at': 'timestamp',
        'seconds': 'double',
        'message': 'varchar'
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
