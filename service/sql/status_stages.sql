select
    build_id,
    stage,
    status,
    seconds
from ops.stage_run
where
    build_id in (
        select build_id from ops.pipeline_run
        order by started_at desc limit 20
    )
order by started_at
