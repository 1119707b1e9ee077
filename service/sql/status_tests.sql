select
    status,
    cast(count(*) as integer) as tests
from ops.test_result
where build_id = $build_id
group by status
order by status
