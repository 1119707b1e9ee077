-- Question: which objects and fields bring the most bad values?
-- Reading: rejected values became null, repaired ones were put in order, inferred ones were missing
-- and taken from elsewhere. Fix at the source what is rejected most.
select
    object,
    field,
    issue_type,
    count(*) as issues,
    count(distinct record_id) as records,
    min(raw_value) as example
from {{ ref('gold_data_quality_issue') }}
group by object, field, issue_type
order by issues desc, object asc, field asc
