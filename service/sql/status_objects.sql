select
    object_name as object,
    arg_max(status, started_at) as status,
    arg_max(rows, started_at) as rows,
    arg_max(rows_deleted, started_at) as rows_deleted,
    max(finished_at) filter (where status = 'complete') as extracted_at,
    arg_max(watermark, started_at) as watermark,
    arg_max(message, started_at) as message
from ops.extraction_run
group by object_name
order by object_name
