with interaction as (

    select
        bridge.customer_id,
        interaction.interaction_type,
        interaction.source_object,
        cast(interaction.occurred_at as date) as occurred_on,
        cast(interaction.created_at as date) as created_on
    from {{ ref('silver_interaction') }} as interaction
    inner join {{ ref('core_customer_account') }} as bridge
        on interaction.account_id = bridge.account_id
    where interaction.is_completed and interaction.occurred_at is not null

),

span as (

    select
        customer_id,
        min(as_of) as first_as_of
    from {{ ref('int_scored_customer') }}
    group by customer_id

),

-- The day to score that a day leads to: with kept history, days to score may lie years apart.
next_date as (

    select
        day,
        min(as_of) as as_of
    from {{ ref('int_scored_day') }}
    group by day

),

-- The first day to score of a customer that knows of an interaction.
first_known as (

    select
        interaction.customer_id,
        next_date.as_of,
        max(interaction.occurred_on) as last_contact_on
    from interaction
    inner join span on interaction.customer_id = span.customer_id
    inner join next_date
        on
            greatest(interaction.occurred_on, interaction.created_on, span.first_as_of)
            = next_date.day
    group by interaction.customer_id, next_date.as_of

),

meeting as (

    select
        interaction.customer_id,
        scored_day.as_of,
        count(*) as meetings_180d,
        count(case when interaction.interaction_type = 'QBR' then 1 end) as qbrs_180d
    from interaction
    inner join {{ ref('int_scored_day') }} as scored_day
        on
            interaction.occurred_on = scored_day.day
            and interaction.created_on <= scored_day.as_of
            and scored_day.in_180_days
    where interaction.source_object = 'Event'
    group by interaction.customer_id, scored_day.as_of

),

renewal as (

    select
        bridge.customer_id,
        scored_day.as_of,
        count(*) as closed_renewals,
        count(case when opportunity.is_won then 1 end) as won_renewals
    from {{ ref('silver_opportunity') }} as opportunity
    inner join {{ ref('core_customer_account') }} as bridge
        on opportunity.account_id = bridge.account_id
    inner join {{ ref('int_scored_day') }} as scored_day
        on
            opportunity.close_date = scored_day.day
            and cast(opportunity.created_at as date) <= scored_day.as_of
    where opportunity.opportunity_type = 'Renewal' and opportunity.is_closed
    group by bridge.customer_id, scored_day.as_of

),

-- Silence is information only where the org records interactions at all.
recording as (

    select
        min(cast(created_at as date)) as recorded_from,
        min(case when source_object = 'Event' then cast(created_at as date) end)
            as meetings_recorded_from
    from {{ ref('silver_interaction') }}

),

combined as (

    select
        service_metric.customer_id,
        service_metric.as_of,
        service_metric.active_services,
        coalesce(recording.recorded_from <= service_metric.as_of, false) as is_recorded,
        coalesce(recording.meetings_recorded_from <= service_metric.as_of, false)
            as is_meeting_recorded,
        {{ days_between(
            'max(first_known.last_contact_on) over (
                partition by service_metric.customer_id
                order by service_metric.as_of
                rows between unbounded preceding and current row
            )',
            'service_metric.as_of',
        ) }} as days_since_last_contact,
        coalesce(meeting.meetings_180d, 0) as meetings_180d,
        coalesce(meeting.qbrs_180d, 0) as qbrs_180d,
        renewal.won_renewals,
        renewal.closed_renewals
    from {{ ref('int_service_metric') }} as service_metric
    cross join recording
    left join first_known
        on
            service_metric.customer_id = first_known.customer_id
            and service_metric.as_of = first_known.as_of
    left join meeting
        on
            service_metric.customer_id = meeting.customer_id
            and service_metric.as_of = meeting.as_of
    left join renewal
        on
            service_metric.customer_id = renewal.customer_id
            and service_metric.as_of = renewal.as_of

)

select
    customer_id,
    as_of,
    cast(
        case
            when active_services > 0 and is_recorded
                then least(coalesce(days_since_last_contact, 365), 365)
            else days_since_last_contact
        end as integer
    ) as days_since_last_contact,
    cast(case when is_meeting_recorded then meetings_180d end as integer) as meetings_180d,
    cast(case when is_meeting_recorded then qbrs_180d end as integer) as qbrs_180d,
    won_renewals / cast(nullif(closed_renewals, 0) as double) as renewal_rate_24m
from combined
