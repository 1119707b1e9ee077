-- What happens month by month: usage, cases, interactions. Each follows the customer's hidden
-- state, with noise; none of it knows anything of scores.
create or replace temp table month as
select m as month_number, (first_month() + to_months(m))::date as month,
    (first_month() + to_months(m + 1))::date as next_month
from range(40) as t (m)
where first_month() + to_months(m) <= today();

-- How bad things are for a customer in a month, from 0 to 1.
create or replace temp macro distress(state, trouble_from, leaving_on, shows_signs, month) as
    case
        when leaving_on is not null and shows_signs
            then greatest(0, least(1, 1 - (date_diff('day', month, leaving_on) - 20) / 190.0))
        when leaving_on is not null then 0.1
        when trouble_from is not null and month >= trouble_from
            -- Trouble builds up over five months and half of it is put right after nine.
            then least(date_diff('month', trouble_from, month) / 5.0, 0.8)
                * case when date_diff('month', trouble_from, month) > 9 then 0.4 else 1 end
        else 0
    end;

insert into "Usage__c" by name
select
    salesforce_id('a02', usage_number) as "Id",
    'U-' || lpad(usage_number::varchar, 9, '0') as "Name",
    usage_account_id as "Account__c",
    salesforce_id('02i', asset_number + 1) as "Asset__c",
    month as "Month__c",
    round(greatest(0, base_quantity
        * (1 + 0.05 * sin(2 * pi() * date_part('month', month) / 12))
        * case state when 'growth' then power(1.022, month_number) else 1 end
        * (1 - 0.74 * distress(state, trouble_from, leaving_on, shows_signs, month))
        * exp(0.05 * normal('usage noise', usage_number))
        * case when u('anomaly', usage_number) < 0.006 then 0.15
            when u('anomaly', usage_number) > 0.996 then 2.8 else 1 end), 3) as "Quantity__c",
    unit as "Unit__c",
    is_gone or u('deleted usage', usage_number) < 0.001 as "IsDeleted",
    moment(next_month + 1, 'metered', usage_number) as "CreatedDate"
from (
    select s.*, m.*, s.service_number * 40 + m.month_number + 1 as usage_number,
        exp(4 + 3 * u('volume', s.line_number)) as base_quantity,
        pointed_at(s.account_id, s.holder_id, 'old meter', s.service_number) as usage_account_id
    from service as s
    inner join month as m
        on m.month >= date_trunc('month', s.installed_on)
        and m.next_month <= today()
        and (s.ends_on is null or m.month < s.ends_on)
);

create or replace temp table customer_month as
select
    a.account_number,
    a.company_number,
    a.account_id,
    a.holder_id,
    a.segment,
    a.services,
    a.customer_since,
    a.is_prospect,
    a.is_gone,
    m.month,
    m.next_month,
    a.account_number * 40 + m.month_number as customer_month_number,
    distress(a.state, a.trouble_from, a.leaving_on, a.shows_signs, m.month) as distress
from customer as a
inner join month as m
    on least(a.customer_since, origin()) < m.next_month
    and (a.leaving_on is null or m.month < a.leaving_on);

insert into "Case" by name
with opened as (
    select
        *,
        customer_month_number * 4 + k + 1 as case_number,
        month + floor(u('opened', customer_month_number * 4 + k) * 28)::integer as opened_on
    from customer_month, unnest(range(4)) as t (k)
    where not is_prospect
        and customer_since < next_month
        and u('case', customer_month_number * 4 + k)
        < (0.05 + 0.025 * services) * (1 + 3 * distress) * case k when 0 then 1 else 0.45 end
), described as (
    select
        *,
        moment(opened_on, 'opened at', case_number)::timestamp as opened_at,
        u('severity', case_number) - 0.25 * distress as severity,
        exp(2.6 + 1.1 * normal('effort', case_number) + 1.2 * distress) as hours
    from opened
    where opened_on <= today()
), closed as (
    select
        *,
        case when u('stuck', case_number) >= 0.02 + 0.15 * distress
            then opened_at + to_seconds((hours * 3600)::bigint) end as closed_at
    from described
)
select
    salesforce_id('500', case_number) as "Id",
    pointed_at(account_id, holder_id, 'old case', case_number) as "AccountId",
    salesforce_id('003', account_number * 5 + 1) as "ContactId",
    lpad(case_number::varchar, 8, '0') as "CaseNumber",
    draw(['Link down', 'Slow connection', 'Billing query', 'Router fault', 'New number request',
        'SIP registration fails', 'Packet loss', '<b>Urgent</b>: outage &amp; no reply'],
        'subject', case_number) as "Subject",
    case when u('body', case_number) < 0.1 then '<div>Dear support,<br/>the "main" line, at site A, '
        || 'fails.' || chr(10) || 'Regards 🙂</div>'
        when u('body', case_number) < 0.12 then 'None' end as "Description",
    case when closed_at <= getvariable('now')::timestamp then 'Closed'
        else draw(['New', 'Working', 'Escalated'], 'open status', case_number) end as "Status",
    case when severity < 0.04 then 'Critical' when severity < 0.2 then 'High'
        when severity < 0.65 then 'Medium' else 'Low' end as "Priority",
    draw(['Phone', 'Email', 'Web', 'email'], 'origin', case_number) as "Origin",
    u('escalated', case_number) < 0.05 + 0.45 * distress as "IsEscalated",
    coalesce(closed_at <= getvariable('now')::timestamp, false) as "IsClosed",
    case when closed_at <= getvariable('now')::timestamp then closed_at::timestamptz end
        as "ClosedDate",
    hours > 72 and u('breach', case_number) < 0.7 as "SLA_Breached__c",
    owner_of(company_number) as "OwnerId",
    is_gone or u('deleted case', case_number) < 0.004 as "IsDeleted",
    opened_at::timestamptz as "CreatedDate",
    least(coalesce(closed_at, opened_at), getvariable('now')::timestamp)::timestamptz
        as "LastModifiedDate"
from closed;

create or replace temp table contact_day as
select
    account_number,
    company_number,
    holder_id,
    is_gone,
    customer_month_number * 3 + k + 1 as contact_day_number,
    month + floor(u('met', customer_month_number * 3 + k) * 28)::integer as met_on
from customer_month, unnest(range(3)) as t (k)
where u('interaction', customer_month_number * 3 + k)
    < (case segment when 'Enterprise' then 0.55 when 'Mid-Market' then 0.33 else 0.17 end)
        * (1 - 0.75 * distress);

insert into "Task" by name
select
    salesforce_id('00T', contact_day_number) as "Id",
    holder_id as "AccountId",
    holder_id as "WhatId",
    salesforce_id('003', account_number * 5 + 1) as "WhoId",
    draw(['Follow-up call', 'Send quote', 'E-mail: service report', 'Check invoice',
        'Call: renewal'], 'task subject', contact_day_number) as "Subject",
    draw(['Call', 'Email', 'email', 'Other', null], 'task type', contact_day_number) as "Type",
    case when is_done then 'Completed' else 'Not Started' end as "Status",
    draw(['Normal', 'High'], 'task priority', contact_day_number) as "Priority",
    met_on as "ActivityDate",
    case when is_done then moment(met_on, 'done', contact_day_number) end as "CompletedDateTime",
    case when u('task note', contact_day_number) < 0.03 then 'n/a' end as "Description",
    owner_of(company_number) as "OwnerId",
    is_gone or u('deleted task', contact_day_number) < 0.01 as "IsDeleted",
    moment(met_on - 3, 'planned', contact_day_number) as "CreatedDate",
    moment(met_on, 'done', contact_day_number) as "LastModifiedDate"
from (
    select *, u('done', contact_day_number) < 0.85 and met_on <= today() as is_done
    from contact_day
    where u('kind', contact_day_number) < 0.62
);

insert into "Event" by name
select
    salesforce_id('00U', contact_day_number) as "Id",
    holder_id as "AccountId",
    holder_id as "WhatId",
    salesforce_id('003', account_number * 5 + 1) as "WhoId",
    draw(['Account review', 'Site visit', 'Service review', 'Introduction'], 'event subject',
        contact_day_number) as "Subject",
    case when u('event type', contact_day_number) < 0.2 then 'QBR'
        when u('event type', contact_day_number) < 0.45 then 'Call' else 'Meeting' end as "Type",
    (met_on::timestamp + to_hours(8 + floor(u('hour', contact_day_number) * 8)::integer))
        ::timestamptz as "StartDateTime",
    (met_on::timestamp + to_hours(9 + floor(u('hour', contact_day_number) * 8)::integer))
        ::timestamptz as "EndDateTime",
    owner_of(company_number) as "OwnerId",
    is_gone or u('deleted event', contact_day_number) < 0.01 as "IsDeleted",
    moment(met_on - 10, 'invited', contact_day_number) as "CreatedDate"
from contact_day
where u('kind', contact_day_number) >= 0.62;
