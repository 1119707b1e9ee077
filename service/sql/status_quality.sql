select
    object,
    field,
    reason,
    cast(count(*) as integer) as count,
    list(distinct raw_value)[:5] as examples
from gold.data_quality_issue
group by object, field, reason
order by count desc, object asc, field asc, reason asc
