with manifest as (

    select runs
    from read_json(
        '{{ env_var("CUSTOMER360_DATA", "data") }}/bronze/manifest.json',
        columns = {
            'runs': 'struct(
                batch_id string,
                "mode" string,
                status string,
                started_at string,
                finished_at string,
                objects struct(
                    object string,
                    status string,
                    "rows" bigint,
                    rows_deleted bigint,
                    bytes bigint,
                    api_calls bigint,
                    retries bigint,
                    seconds double,
                    watermark string,
                    message string
                )[]
            )[]'
        },
        maximum_object_size = 268435456
    )

),

run as (

    select unnest(runs) as run
    from manifest

),

object_run as (

    select
        run,
        unnest(run.objects) as object_run
    from run

)

select
    run.batch_id,
    object_run.object as object_name,
    run.mode,
    object_run.status,
    run.status as run_status,
    {{ try_timestamp('run.started_at') }} as started_at,
    {{ try_timestamp('run.finished_at') }} as finished_at,
    {{ try_timestamp('object_run.watermark') }} as watermark,
    object_run.rows,
    object_run.rows_deleted,
    object_run.bytes,
    object_run.api_calls,
    object_run.retries,
    object_run.seconds,
    object_run.message
from object_run
