-- What customers agreed to and what they were given for it: contracts, services, opportunities.
create or replace temp table agreement as
with term as (
    select *, draw([12, 12, 24, 36], 'term', account_number) as months,
        u('evergreen', account_number) < 0.07 as is_evergreen
    from customer where not is_prospect and u('no contract', account_number) >= 0.06
)
select
    account_number * 12 + n as agreement_number,
    n,
    * exclude (n),
    (customer_since + to_months(months * n))::date as starts_on,
    case when not is_evergreen then (customer_since + to_months(months * (n + 1)) - interval 1 day)
        ::date end as agreed_until,
    notice_on is not null and notice_route <> 'service' and notice_on >= starts_on
    and coalesce(notice_on <= agreed_until, true) as has_notice,
    -- A contract ends with its customer, which it says from the day of the notice.
    case when leaving_on <= today() or has_notice and notice_on <= today()
        then least(agreed_until, leaving_on - 1) else agreed_until end as ends_on
from term, unnest(range(12)) as t (n)
where (n = 0 or not is_evergreen)
    and customer_since + to_months(months * n) <= least(leaving_on - 121, today())
    -- Who is about to leave does not renew. Others stay without renewing what lapsed.
    and (n = 0 or u('lapsed', account_number) >= 0.06
        or customer_since + to_months(months * (n + 1)) <= today());

insert into "Contract" by name
select
    salesforce_id('800', agreement_number + 1) as "Id",
    holder_id as "AccountId",
    lpad((agreement_number + 1)::varchar, 8, '0') as "ContractNumber",
    case when ends_on < today() and ends_on < coalesce(agreed_until, today()) then 'Terminated'
        when ends_on < today() then 'Expired' else 'Activated' end as "Status",
    starts_on as "StartDate",
    ends_on as "EndDate",
    case when not is_evergreen then months end as "ContractTerm",
    case when has_notice then happened(notice_on) end as "Notice_Given_Date__c",
    owner_of(company_number) as "OwnerId",
    is_gone as "IsDeleted",
    moment(starts_on, 'contract', agreement_number) as "CreatedDate",
    moment(greatest(starts_on, case when has_notice then happened(notice_on) end,
        case when ends_on < coalesce(agreed_until, today()) then happened(leaving_on) end),
        'contract', agreement_number) as "LastModifiedDate"
from agreement;

create or replace temp table line as
select
    a.account_number * 8 + k as service_number,
    a.account_number,
    a.account_id,
    a.holder_id,
    a.is_gone,
    a.member,
    k,
    a.services,
    a.currency,
    a.state,
    a.leaving_on,
    a.trouble_from,
    a.shows_signs,
    p.number as product_number,
    p.name as product_name,
    p.code as product_code,
    p.unit,
    round(p.monthly_usd * r.units * (0.6 + 0.9 * u('price', a.account_number * 8 + k))
        * case a.segment when 'Enterprise' then 2.4 when 'Mid-Market' then 1.3 else 0.7 end, 2)
        as price,
    case when k = 0 then a.customer_since else a.customer_since
        + floor(u('install', a.account_number * 8 + k)
            * greatest(origin() - a.customer_since, 0))::integer end as installed_on,
    case
        when a.leaving_on is not null then
            a.leaving_on - floor(u('end', a.account_number * 8 + k) * 12)::integer
        when k > 0 and u('dropped', a.account_number * 8 + k)
            < case a.state when 'trouble' then 0.25 else 0.05 end
            then first_month() + floor(u('drop', a.account_number * 8 + k) * 800)::integer
    end as ends_on,
    -- When the org is told: by the notice, or only when the service is switched off.
    case
        when a.notice_on is not null and (a.notice_route <> 'contract' or t.account_number is null)
            then a.notice_on
        when a.leaving_on is null and u('announced', a.account_number * 8 + k) < 0.5
            then ends_on - 30
        else ends_on
    end as end_known_on
from customer as a
cross join unnest(range(a.services)) as s (k)
inner join product as p
    on p.number = 1 + floor(u('product', a.account_number * 8 + k) * 10)::integer
inner join local_rate as r on r.currency = a.currency
left join (select account_number from agreement where has_notice) as t
    on a.account_number = t.account_number
where not a.is_prospect;
delete from line where ends_on <= installed_on;


-- A service is upgraded or replaced: the old one ends, another begins at most 30 days later.
create or replace temp table changed_line as
select
    *,
    account_number * 8 + 6 as new_number,
    case
        when u('change kind', account_number) < 0.45 then 'upgraded'
        when u('change kind', account_number) < 0.6 then 'downgraded'
        else 'replaced'
    end as change,
    first_month() + 60 + floor(u('changed on', account_number) * 780)::integer as changed_on,
    changed_on + case when u('gap', account_number) < 0.6 then 1
        else floor(u('gap', account_number) * 31)::integer end as begins_on
from line
where k = 0
    and services > 1
    and u('changed', account_number) < 0.16
    and changed_on > installed_on + 150
    and coalesce(ends_on > changed_on + 60, true);

-- A service goes to another account of the company, as sites and budgets do. Either the old asset
-- ends and another begins the next day, or the asset itself is given to the other account.
create or replace temp table moved_line as
select
    l.*,
    b.account_number as new_account_number,
    b.account_number * 8 + 7 as new_number,
    u('same asset', a.company_number) < 0.5 as is_same_asset,
    origin() - 500 + floor(u('service moved on', a.company_number) * 580)::integer as drawn_on,
    -- The first of a month, so that each account is billed for whole months.
    if(is_same_asset, date_trunc('month', drawn_on)::date, drawn_on) as moved_on,
    b.currency as new_currency,
    round(l.price / r.units * s.units, 2) as new_price
from line as l
inner join customer as a on l.account_number = a.account_number
inner join customer as b
    on b.account_number = a.first_account + (1 - a.member)
inner join local_rate as r on r.currency = a.currency
inner join local_rate as s on s.currency = b.currency
where a.members > 1
    and a.member = (u('mover', a.company_number) < 0.6)::integer
    and a.merger_kind is null
    and l.k = l.services - 1
    and u('service moved', a.company_number) < 0.3
    and b.customer_since < moved_on
    and moved_on > l.installed_on + 60
    and coalesce(l.ends_on > moved_on + 60, true);

-- The stretches of time in which a service is billed to an account. `is_record` marks the one that
-- the asset shows today; `line_number` stays the same through changes.
create or replace temp table service as
select
    l.* exclude (member, k, services, price, ends_on, end_known_on),
    l.service_number as line_number,
    l.service_number as asset_number,
    l.installed_on as asset_installed_on,
    l.price,
    coalesce(c.changed_on, m.moved_on, l.ends_on) as ends_on,
    case when m.is_same_asset then l.ends_on else coalesce(c.changed_on, m.moved_on, l.ends_on) end
        as asset_ends_on,
    case when m.is_same_asset then l.end_known_on
        else coalesce(c.changed_on, m.moved_on, l.end_known_on) end as end_known_on,
    not coalesce(m.is_same_asset and m.moved_on <= today(), false) as is_record
from line as l
left join changed_line as c on l.service_number = c.service_number
left join moved_line as m on l.service_number = m.service_number
union all by name
select
    * exclude (member, k, services, change, changed_on, begins_on, new_number)
        replace (
            new_number as service_number,
            begins_on as installed_on,
            round(price * case change
                when 'upgraded' then 1.15 + 0.7 * u('raise', account_number)
                when 'downgraded' then 0.6 + 0.3 * u('raise', account_number)
                else 1
            end, 2) as price
        ),
    service_number as line_number,
    new_number as asset_number,
    begins_on as asset_installed_on,
    ends_on as asset_ends_on,
    begins_on <= today() as is_record
from changed_line
union all by name
select
    m.* exclude (member, k, services, new_account_number, new_number, is_same_asset, drawn_on,
            moved_on, new_currency, new_price)
        replace (
            new_number as service_number,
            b.account_number as account_number,
            b.account_id as account_id,
            b.holder_id as holder_id,
            b.is_gone as is_gone,
            new_currency as currency,
            new_price as price,
            if(is_same_asset, moved_on, moved_on + 1) as installed_on
        ),
    m.service_number as line_number,
    if(is_same_asset, m.service_number, new_number) as asset_number,
    if(is_same_asset, m.installed_on, moved_on + 1) as asset_installed_on,
    m.ends_on as asset_ends_on,
    if(is_same_asset, moved_on, moved_on + 1) <= today() as is_record
from moved_line as m
inner join customer as b on m.new_account_number = b.account_number;

insert into "Asset" by name
select
    salesforce_id('02i', asset_number + 1) as "Id",
    holder_id as "AccountId",
    salesforce_id('01t', product_number) as "Product2Id",
    product_name || ' ' || asset_number as "Name",
    case when asset_ends_on <= today() then 'Obsolete' else 'Installed' end as "Status",
    asset_installed_on as "InstallDate",
    -- An end that lies ahead is known only to the customer, unless he gave notice.
    case when end_known_on <= today() then asset_ends_on end as "UsageEndDate",
    1 as "Quantity",
    price as "Price",
    case when u('asset currency', service_number) < 0.02 then null else currency end
        as "CurrencyIsoCode",
    'SN' || lpad(line_number::varchar, 9, '0') as "SerialNumber",
    is_gone as "IsDeleted",
    moment(asset_installed_on, 'asset', asset_number) as "CreatedDate",
    moment(greatest(installed_on, happened(end_known_on)), 'asset end', asset_number)
        as "LastModifiedDate"
from service
where is_record;

create or replace temp table deal as
select
    account_number * 40 + 0 as deal_number, account_number, 'New Business' as kind,
    customer_since as closes_on, true as is_closed, true as is_won, null::bigint as agreement_number
from customer where not is_prospect
union all
select account_number * 40 + 1 + n, account_number,
    case when u('renewal spelling', agreement_number) < 0.1 then 'renewal' else 'Renewal' end,
    agreed_until - floor(u('renewed early', agreement_number) * 30)::integer, true,
    leaving_on is null or agreed_until < leaving_on - 121, agreement_number
from agreement where agreed_until < coalesce(leaving_on, today()) and agreed_until < today()
union all
select account_number * 40 + 15 + m, account_number,
    case when m % 2 = 0 then 'Upsell' else 'Cross-Sell' end,
    first_month() + floor(u('deal', account_number * 40 + m) * 720)::integer as closes_on, true,
    u('won', account_number * 40 + m) < case state when 'growth' then 0.65 when 'steady' then 0.45
        else 0.2 end, null
from customer, unnest(range(case state when 'growth' then 4 else 2 end)) as t (m)
where not is_prospect and closes_on > customer_since and coalesce(closes_on < leaving_on, true)
union all
select account_number * 40 + 30 + m, account_number,
    if(began_as_prospect, 'New Business',
        draw(['Upsell', 'Renewal', 'New Business'], 'open kind', account_number + m)),
    expected_on, expected_on <= today(),
    expected_on <= today() and not began_as_prospect and u('won late', deal_number) < 0.4, null
from (
    select *, account_number * 40 + 30 + m as deal_number,
        origin() + (5 + floor(u('open', account_number * 40 + m) * 150))::integer as expected_on
    from customer, unnest(range(2)) as t (m)
)
where u('pipeline', account_number * 40 + m) < if(began_as_prospect, 0.6, 0.3)
    and coalesce(leaving_on > origin(), true);

insert into "Opportunity" by name
select
    salesforce_id('006', deal_number + 1) as "Id",
    pointed_at(a.account_id, a.holder_id, 'old deal', deal_number) as "AccountId",
    left(trim(regexp_replace(a.name, '\s+', ' ', 'g')), 90) || ' - ' || d.kind as "Name",
    d.kind as "Type",
    case when d.is_won then 'Closed Won' when d.is_closed then 'Closed Lost'
        else draw(['Prospecting', 'Proposal', 'Negotiation'], 'stage', deal_number) end
        as "StageName",
    round(12 * 700 * r.units * (0.5 + u('amount', deal_number))
        * case a.segment when 'Enterprise' then 6 when 'Mid-Market' then 2 else 0.8 end, 2)
        as "Amount",
    case when u('deal currency', deal_number) < 0.03 then null else a.currency end
        as "CurrencyIsoCode",
    case when d.is_won then 100 when d.is_closed then 0
        else draw([10, 30, 50, 75], 'probability', deal_number) end as "Probability",
    d.closes_on as "CloseDate",
    d.is_closed as "IsClosed",
    d.is_won as "IsWon",
    case when d.agreement_number is not null then salesforce_id('800', d.agreement_number + 1) end
        as "ContractId",
    draw(['Web', 'Referral', 'Partner', 'partner', null], 'source', deal_number) as "LeadSource",
    case when u('next step', deal_number) < 0.03 then 'Call "Bob", then send offer;' || chr(10)
        || 'see notes 📞' when u('next step', deal_number) < 0.05 then 'NA' end as "NextStep",
    owner_of(a.company_number) as "OwnerId",
    a.is_gone or u('deleted deal', deal_number) < 0.01 as "IsDeleted",
    moment(least(d.closes_on - 45, origin() - 1), 'deal', deal_number) as "CreatedDate",
    moment(least(d.closes_on, today()), 'deal closed', deal_number) as "LastModifiedDate"
from deal as d
inner join site as a on d.account_number = a.account_number
inner join local_rate as r on r.currency = a.currency;

insert into "OpportunityLineItem" by name
select
    salesforce_id('00k', deal_number * 3 + k + 1) as "Id",
    o."Id" as "OpportunityId",
    salesforce_id('01t', p.number) as "Product2Id",
    p.code as "ProductCode",
    p.name as "Name",
    1 + k as "Quantity",
    round(o."Amount" / lines / (1 + k), 2) as "UnitPrice",
    round(o."Amount" / lines / (1 + k), 2) * (1 + k) as "TotalPrice",
    o."CurrencyIsoCode" as "CurrencyIsoCode",
    o."CloseDate" + 14 as "ServiceDate",
    case when k = 0 then draw([12, 24, 36], 'line term', deal_number) end as "Term_Months__c",
    case when k = 0 then 'Recurring' else 'One-time' end as "Billing_Type__c",
    o."IsDeleted" as "IsDeleted",
    o."CreatedDate" as "CreatedDate"
from (
    select *, 1 + (u('lines', deal_number) < 0.5)::integer as lines from deal
) as d
inner join "Opportunity" as o on o."Id" = salesforce_id('006', deal_number + 1)
cross join unnest(range(d.lines)) as t (k)
inner join product as p
    on p.number = 1 + floor(u('line product', deal_number * 3 + k) * 10)::integer;
