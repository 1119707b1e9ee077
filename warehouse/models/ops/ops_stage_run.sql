with source as (

    select *
    from {{ run_log('stage_run', {
        'build_id': 'string',
        'stage': 'string',
        'status': 'string',
        'started_at': 'timestamp',
        'finished_at': 'timestamp',
        'seconds': 'double',
        'rows': 'bigint',
        'peak_memory_bytes': 'bigint'
    }) }}

)

select
    build_id,
    stage,
    status,
    started_at,
    finished_at,
    seconds,
    rows,
    peak_memory_bytes
from source
