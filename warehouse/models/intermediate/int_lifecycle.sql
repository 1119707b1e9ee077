with bridge as (

    select
        customer_id,
        account_id
    from {{ ref('core_customer_account') }}

),

scored_date as (

    select as_of from {{ ref('int_date_to_score') }}

),

charged_service as (

    select
        account_id,
        created_on,
        started_on,
        ended_on,
        end_known_from
    from {{ ref('int_service') }}
    where coalesce(fixed_monthly_charge_usd, monthly_charge) > 0

),

contract as (

    select
        account_id,
        cast(created_at as date) as created_on,
        start_date as started_on,
        -- One seen ended before its time ended on the day of its last change at the latest.
        case
            when
                status in ('Expired', 'Terminated')
                and (end_date is null or end_date > cast(extracted_at as date))
                then cast(coalesce(last_modified_at, extracted_at) as date)
            else end_date
        end as ended_on,
        notice_given_date as notice_given_on
    from {{ ref('silver_contract') }}
    where
        start_date is not null
        and (status is null or status in ('Activated', 'Expired', 'Terminated'))

),

contract_day as (

    select
        contract.account_id,
        scored_date.as_of,
        contract.started_on,
        contract.ended_on,
        contract.started_on <= scored_date.as_of as is_begun,
        contract.ended_on is null or contract.ended_on >= scored_date.as_of as is_open,
        coalesce(contract.notice_given_on <= scored_date.as_of, false) as is_given_notice
    from contract
    inner join scored_date on contract.created_on <= scored_date.as_of

),

-- Notice ends an account's services where no contract goes on, one that is yet to begin included.
account_notice as (

    select
        account_id,
        as_of,
        case when count(ended_on) = count(*) then max(ended_on) end as leaves_on
    from contract_day
    where is_open
    group by account_id, as_of
    having bool_and(is_given_notice)

),

-- An end ahead counts from the day on which it was known: the record's last change.
service_day as (

    select
        service.account_id,
        scored_date.as_of,
        service.started_on,
        service.ended_on,
        service.started_on <= scored_date.as_of as is_begun,
        service.ended_on is null or service.ended_on >= scored_date.as_of as is_open,
        case when service.end_known_from <= scored_date.as_of then service.ended_on end
            as known_end_on,
        account_notice.account_id is not null as is_given_notice,
        account_notice.leaves_on as notice_ends_on
    from charged_service as service
    inner join scored_date on service.created_on <= scored_date.as_of
    left join account_notice
        on
            service.account_id = account_notice.account_id
            and scored_date.as_of = account_notice.as_of

),

service_summary as (

    select
        bridge.customer_id,
        service_day.as_of,
        count(case when service_day.is_begun and service_day.is_open then 1 end)
            as charged_services,
        -- Also those that are ordered and yet to begin: who has one is not leaving.
        count(
            case
                when
                    service_day.is_open
                    and service_day.known_end_on is null
                    and not service_day.is_given_notice
                    then 1
            end
        ) as staying_services,
        -- One whose end is not known leaves no last day.
        max(
            case
                when service_day.is_open
                    then coalesce(
                        service_day.known_end_on,
                        service_day.notice_ends_on,
                        date '9999-12-31'
                    )
            end
        ) as leaves_on,
        min(case when service_day.is_begun then service_day.started_on end) as first_on,
        max(
            case
                when service_day.is_begun and not service_day.is_open then service_day.ended_on
            end
        ) as last_ended_on
    from service_day
    inner join bridge on service_day.account_id = bridge.account_id
    group by bridge.customer_id, service_day.as_of

),

contract_summary as (

    select
        bridge.customer_id,
        contract_day.as_of,
        count(case when contract_day.is_open then 1 end) as active_contracts,
        min(contract_day.started_on) as first_on,
        max(case when not contract_day.is_open then contract_day.ended_on end) as last_ended_on
    from contract_day
    inner join bridge on contract_day.account_id = bridge.account_id
    where contract_day.is_begun
    group by bridge.customer_id, contract_day.as_of

),

-- That a customer has neither says something only where the org records one or the other.
recording as (

    select min(created_on) as recorded_from
    from (
        select created_on from charged_service
        union all
        select created_on from contract
    ) as term

),

combined as (

    select
        scored_customer.customer_id,
        scored_customer.as_of,
        coalesce(recording.recorded_from <= scored_customer.as_of, false) as is_recorded,
        coalesce(service.charged_services, 0) as charged_services,
        coalesce(service.staying_services, 0) as staying_services,
        coalesce(contract.active_contracts, 0) as active_contracts,
        least(service.first_on, contract.first_on) as first_on,
        greatest(service.last_ended_on, contract.last_ended_on) as last_ended_on,
        nullif(service.leaves_on, date '9999-12-31') as leaves_on,
        sale.last_invoiced_on
    from {{ ref('int_scored_customer') }} as scored_customer
    cross join recording
    left join service_summary as service
        on
            scored_customer.customer_id = service.customer_id
            and scored_customer.as_of = service.as_of
    left join contract_summary as contract
        on
            scored_customer.customer_id = contract.customer_id
            and scored_customer.as_of = contract.as_of
    left join {{ ref('int_sale_metric') }} as sale
        on
            scored_customer.customer_id = sale.customer_id
            and scored_customer.as_of = sale.as_of

),

staged as (

    select
        *,
        case
            when first_on is null and last_invoiced_on is null then 'prospect'
            -- Of an org that tells of its customers by invoices alone.
            when not is_recorded and last_invoiced_on > {{ add_months('as_of', -12) }} then 'active'
            when charged_services = 0 and active_contracts = 0 then 'former'
            when charged_services > 0 and staying_services = 0 then 'leaving'
            when {{ days_between('first_on', 'as_of') }} < {{ var('onboarding_days') }}
                then 'onboarding'
            else 'active'
        end as lifecycle_stage
    from combined

)

select
    customer_id,
    as_of,
    lifecycle_stage,
    case when lifecycle_stage = 'former' then coalesce(last_ended_on, last_invoiced_on) end
        as left_on,
    case when lifecycle_stage = 'leaving' then leaves_on end as leaves_on,
    cast(
        case when lifecycle_stage = 'leaving' then {{ days_between('as_of', 'leaves_on') }} end
        as integer
    ) as days_to_leave
from staged
