with issue as (

    select
        object,
        field,
        issue_type,
        count(*) as issue_count
    from {{ ref('gold_data_quality_issue') }}
    group by object, field, issue_type

),

threshold as (

    select * from {{ ref('quality_threshold') }}

),

measured as (

    select
        threshold.*,
        case threshold.measure
            when 'row_count' then cast(freshness.row_count as double)
            when 'days_since_change' then cast(freshness.days_since_change as double)
            when 'days_since_extraction' then cast(freshness.days_since_extraction as double)
            when 'null_share' then profile.null_share
            when 'issue_share'
                then
                    cast(coalesce(issue.issue_count, 0) as double)
                    / nullif(freshness.row_count, 0)
        end as value
    from threshold
    left join {{ ref('gold_data_quality_freshness') }} as freshness
        on threshold.object = freshness.object
    left join {{ ref('gold_data_quality_column') }} as profile
        on
            threshold.object = profile.object
            and threshold.field = profile.field
            -- No table of gold has the name of one of silver.
            and profile.layer in ('silver', 'gold')
    left join issue
        on
            threshold.object = issue.object
            and threshold.field = issue.field
            and threshold.issue_type = issue.issue_type

)

select
    measure,
    object,
    coalesce(field, '') as field,
    coalesce(issue_type, '') as issue_type,
    value,
    minimum,
    maximum,
    severity,
    case
        when value < minimum or value > maximum then severity
        else 'pass'
    end as status,
    comment
from measured
