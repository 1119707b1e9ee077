select
    published_at,
    previous_build_id
from ops.pipeline_run
where build_id = $build_id
