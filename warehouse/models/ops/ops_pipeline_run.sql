with source as (

    select *
    from {{ run_log('pipeline_run', {
        'build_id': 'varchar',
        'status': 'varchar',
        'command': 'varchar',
        'started_at': 'timestamp',
        'published_at': 'timestamp',
        'seconds': 'double',
        'as_of': 'date',
        'previous_build_id': 'varchar',
        'customers': 'bigint',
        'alerts': 'bigint',
        'recommendations': 'bigint',
        'warehouse_bytes': 'bigint',
        'dbt_version': 'varchar',
        'duckdb_version': 'varchar',
        'message': 'varchar'
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
