select
    build_id as run_id,
    status,
    started_at,
    published_at as finished_at,
    seconds,
    case when status = 'published' then build_id end as build_id,
    message
from ops.pipeline_run
order by started_at desc
limit 20
