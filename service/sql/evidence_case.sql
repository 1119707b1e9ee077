select
    support_case.case_number,
    support_case.subject,
    support_case.priority,
    support_case.status,
    support_case.created_at as opened_at,
    support_case.closed_at,
    round(date_diff('minute', support_case.created_at, support_case.closed_at) / 60.0, 1)
        as resolution_hours,
    support_case.is_escalated,
    support_case.is_sla_breached,
    account.account_name
from silver."case" as support_case
inner join gold.customer_account as bridge on support_case.account_id = bridge.account_id
inner join silver.account as account on support_case.account_id = account.account_id
where
    bridge.customer_id = $customer_id
    and cast(support_case.created_at as date) <= $as_of
    and case
        when $measure in ('open_cases', 'escalated_open_cases')
            then
                coalesce(
                    cast(
                        coalesce(
                            support_case.closed_at,
                            case when support_case.is_closed then support_case.last_modified_at end
                        ) as date
                    ) > $as_of,
                    true
                )
                and ($measure = 'open_cases' or support_case.is_escalated)
        when $measure = 'mean_resolution_hours_180d'
            then
                cast(support_case.closed_at as date) <= $as_of
                and cast(support_case.closed_at as date) > $as_of - interval 180 day
        when $measure = 'cases_change_90d'
            then cast(support_case.created_at as date) > $as_of - interval 180 day
        else
            cast(support_case.created_at as date) > $as_of - interval 90 day
            and ($measure <> 'sla_breaches_90d' or support_case.is_sla_breached)
    end
order by support_case.created_at desc, support_case.case_id
limit $row_limit
