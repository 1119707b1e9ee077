with source as (

    select *
    from {{ run_log('pipeline_run', {
        'build_id': 'string',
        'status': 'string',
        'command': 'string',
        'started_at': 'timestamp',
        'published_at': 'timestamp',
        'seconds': 'double',
        'as_of': 'date',
        'previous_build_id': 'string',
        'customers': 'bigint',
        'alerts': 'bigint',
        'recommendations': 'bigint',
        'warehouse_bytes': 'bigint',
        'dbt_version': 'string',
        'duckdb_version': 'string',
        'message': 'string'
    }) }}

)

select
    build_id,
    status,
    command,
    started_at,
    published_at,
    seconds,
    as_of,
    previous_build_id,
    customers,
    alerts,
    recommendations,
    warehouse_bytes,
    dbt_version,
    duckdb_version,
    message
from source
