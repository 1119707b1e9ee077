select
    test_name as test,
    status,
    cast(coalesce(failures, 0) as integer) as failures,
    message
from ops.test_result
where build_id = $build_id and status not in ('pass')
order by
    case status when 'fail' then 1 when 'error' then 2 else 3 end,
    test_name
limit 100
