-- The records that stand for the customers themselves: users, accounts, contacts, products,
-- services, contracts, opportunities and rates.
create or replace temp macro owner_of(i) as
    salesforce_id('005', 1 + floor(u('owner', i)
        * (20 + getvariable('accounts')::bigint // 200))::bigint);
create or replace temp macro moment(day, purpose, i) as
    least(
        day::timestamp + to_seconds(floor(u(purpose, i) * 86399)::bigint),
        getvariable('now')::timestamp
    )::timestamptz;

-- A day that has come, or null.
create or replace temp macro happened(day) as case when day <= today() then day end;

-- Half of a company's accounts hang below its head; some are hung up or taken off later.
create or replace temp macro parent_of(account_number, member, head_id, is_changed) as
    case when member > 0 and (u('parent', account_number) < 0.5) <> coalesce(is_changed, false)
        then head_id end;

-- A number that the country's plan allows, without the prefix for calls inside the country.
create or replace temp macro subscriber_number(calling_code, digits) as
    case calling_code
        when '65' then '6' || lpad((digits % 10000000)::varchar, 7, '0')
        when '1' then '2125' || lpad((digits % 1000000)::varchar, 6, '0')
        when '44' then '207' || lpad((digits % 10000000)::varchar, 7, '0')
        when '234' then '803' || lpad((digits % 10000000)::varchar, 7, '0')
        when '254' then '20' || lpad((2000000 + digits % 6000000)::varchar, 7, '0')
        when '64' then '9' || lpad((3000000 + digits % 6000000)::varchar, 7, '0')
        when '81' then '3' || lpad((30000000 + digits % 60000000)::varchar, 8, '0')
        when '86' then '21' || lpad((50000000 + digits % 40000000)::varchar, 8, '0')
        when '91' then '22' || lpad((20000000 + digits % 60000000)::varchar, 8, '0')
        when '30' then '21' || lpad((digits % 100000000)::varchar, 8, '0')
        when '34' then '91' || lpad((digits % 10000000)::varchar, 7, '0')
        when '39' then '02' || lpad((digits % 100000000)::varchar, 8, '0')
        when '48' then '22' || lpad((digits % 10000000)::varchar, 7, '0')
        when '353' then '1' || lpad((digits % 10000000)::varchar, 7, '0')
        when '380' then '44' || lpad((2000000 + digits % 7000000)::varchar, 7, '0')
        when '46' then '8' || lpad((10000000 + digits % 80000000)::varchar, 8, '0')
        else '2' || lpad((10000000 + digits % 80000000)::varchar, 8, '0')
    end;

-- Another org has another id, so that its records are never taken for this one's.
insert into "Organization" by name
select '00D5g' || left(lower(hex(hash(getvariable('accounts')::bigint,
    hash(getvariable('seed')::bigint, origin())))), 10) || 'EAA' as "Id",
    'Sandbox Telco' as "Name",
    'Unlimited Edition' as "OrganizationType", 'SBX1' as "InstanceName", true as "IsSandbox",
    'USD' as "DefaultCurrencyIsoCode", (origin() - 2900)::timestamptz as "CreatedDate";

insert into "User" by name
select
    salesforce_id('005', i) as "Id",
    first_name || ' ' || last_name as "Name",
    first_name as "FirstName",
    last_name as "LastName",
    lower(first_name || '.' || last_name || i || '@telco.example') as "Email",
    lower(first_name || '.' || last_name || i || '@telco.example') as "Username",
    i % 17 <> 0 as "IsActive",
    (origin() - 2900)::timestamptz as "CreatedDate",
    (origin() - 2900)::timestamptz as "LastModifiedDate",
    (origin() - 2900)::timestamptz as "SystemModstamp"
from (
    select
        i,
        draw(['Thandi', 'Sipho', 'Wanjiru', 'Chinedu', 'Amara', 'Emma', 'Lukas', 'Chloé', 'Daan',
            'Olivia', 'Noah', 'Mia', 'Haruto', 'Wei', 'Priya', 'Zanele'], 'user first', i)
            as first_name,
        draw(['Nkosi', 'Dlamini', 'Kamau', 'Okafor', 'Smith', 'Müller', 'Dubois', 'de Vries',
            'Johnson', 'Tremblay', 'Wilson', 'Tanaka', 'Tan', 'Otieno'], 'user last', i)
            as last_name
    from range(1, 21 + getvariable('accounts')::bigint // 200) as t (i)
);

insert into "Account" by name
select
    account_id as "Id",
    master_id as "MasterRecordId",
    name as "Name",
    case when is_prospect then 'Prospect' when leaving_on <= today() then 'Former Customer'
        else draw(['Customer', 'customer', 'Customer - Direct'], 'type', account_number) end
        as "Type",
    industry as "Industry",
    parent_of(account_number, member, head_id, parent_changed_on <= today()) as "ParentId",
    (1 + floor(u('street', account_number) * 300))::integer || ' Main Road' as "BillingStreet",
    draw(cities, 'city', account_number) as "BillingCity",
    lpad(floor(u('postal', account_number) * 99999)::varchar, 5, '0') as "BillingPostalCode",
    case when u('no country', account_number) < 0.01 then null
        else draw(spellings, 'spelling', account_number) end as "BillingCountry",
    case when u('no region', account_number) < 0.03 then null
        when u('no region', account_number) < 0.05 then lower(region) else region end
        as "Region__c",
    case when u('segment dirt', account_number) < 0.03 then upper(segment) else segment end
        as "Segment__c",
    case when u('phone', account_number) < 0.05 then 'n/a'
        else phone_text end as "Phone",
    case when u('website', account_number) < 0.75 then
        draw(['https://www.', 'http://', 'www.', ''], 'scheme', account_number)
        || website_name || '.' || domain end as "Website",
    account_code as "AccountNumber",
    case when u('registered', company_number) < 0.8 and u('known', account_number) < 0.85 then
        country_code || lpad((hash(company_number, country_code, getvariable('seed'))
            % 100000000)::varchar, 8, '0') end as "Registration_Number__c",
    case when u('no currency', account_number) < 0.02 then null else currency end
        as "CurrencyIsoCode",
    round(exp(12 + 2 * u('revenue', company_number)
        + case segment when 'Enterprise' then 4 when 'Mid-Market' then 2 else 0 end)) as
        "AnnualRevenue",
    (10 + exp(3 + 5 * u('employees', company_number)))::integer as "NumberOfEmployees",
    case when u('note', account_number) < 0.05 then
        '<p>Key account, see <b>"plan"</b>,' || chr(10) || 'next steps: café ☕ &amp; call</p>'
        when u('note', account_number) < 0.07 then 'N/A'
        when u('note', account_number) < 0.09 then 'null' end as "Description",
    owner_of(if(owner_changed_on <= today(), account_number + 900000000, company_number))
        as "OwnerId",
    case when not is_prospect and u('since known', account_number) < 0.7 then customer_since end
        as "Customer_Since__c",
    0 as "Open_Case_Count__c",
    is_gone or master_id is not null as "IsDeleted",
    moment(least(customer_since, origin()) - 30, 'created', account_number) as "CreatedDate",
    moment(changed_on, 'modified', account_number) as "LastModifiedDate"
from (
    select
        *,
        greatest(
            least(customer_since, origin()),
            origin() - floor(u('modified', account_number) * 400)::integer,
            happened(merged_on), happened(binned_on), happened(restored_on),
            happened(owner_changed_on), happened(parent_changed_on),
            case when is_gone then happened(dead_end_on) end
        ) as changed_on,
        case floor(u('phone form', account_number) * 4)::integer
            when 0 then '+' || calling_code || ' ' || subscriber
            when 1 then '00' || calling_code || subscriber
            when 2 then '(' || trunk || left(subscriber, 2) || ') ' || substr(subscriber, 3, 3)
                || '-' || substr(subscriber, 6)
            else trunk || subscriber end as phone_text
    from (
        select
            *,
            case when calling_code in ('1', '30', '34', '39', '48', '65') then '' else '0' end as trunk,
            subscriber_number(calling_code, digits) as subscriber
        from (
            -- Some companies answer all their branches' calls at one switchboard, and some share
            -- a serviced office, and its number, with companies that they have nothing to do with.
            select *, hash(case
                when u('serviced office', account_number) < 0.02
                    then -1 - floor(u('office', account_number) * getvariable('accounts') / 250)
                when u('switchboard', company_number) < 0.3 then company_number
                else account_number + 1000000007 end,
                'number', getvariable('seed')) as digits
            from site
        )
    )
);

insert into "Contact" by name
with drawn as (
    select
        a.*,
        k,
        account_number * 5 + k as contact_number,
        -- The same person looks after several accounts of a company.
        case when k = 0 and u('shared person', company_number) < 0.45
            then first_account * 5 else account_number * 5 + k end as person
    from site as a, unnest(range(1 + floor(u('contacts', a.account_number) * 4)::integer))
        as t (k)
), person as (
    select
        *,
        draw(['Anna', 'Peter', 'Grace', 'James', 'Fatima', 'José', 'Ingrid', 'Kwame', 'Yuki',
            'Liam', 'Sofia', 'Arjun', 'Nia', 'Tom', 'Zoë', 'Omar', 'Łukasz', 'Björn', 'Chinwe',
            'Dimitra', 'Olena', 'Mei', 'François', 'Mary Ann', 'Karl-Heinz', 'Naledi', 'Tunde',
            'Aoife', 'Ravi', 'Hannah', 'Giulia', 'Pedro', 'Wambui', 'Thabo', 'Sven', 'Aisha'],
            'first', person) as first_name,
        draw(['van der Merwe', 'Mwangi', 'Adeyemi', 'Taylor', 'Schmidt', 'Laurent', 'Jansen',
            'Williams', 'Gagnon', 'Brown', 'Suzuki', 'Lim', 'O''Brien', 'Ndlovu', 'Kiptoo',
            'Nguyen', 'Kowalska', 'Lindberg', 'Papadaki', 'Melnyk', 'Chen', 'Patel', 'Okonkwo',
            'Murphy', 'Romano', 'García López', 'Smith-Jones', 'Mensah', 'Botha', 'Müller',
            'Andersson', 'Dlamini', 'Wright', 'Hassan', 'Fernandes', 'MacLeod', 'Sato', 'Otieno',
            'Venter', 'Baker'], 'last', person) as last_name
    from drawn
)
select
    salesforce_id('003', contact_number + 1) as "Id",
    holder_id as "AccountId",
    case when u('case', contact_number) < 0.1 then upper(first_name)
        when u('case', contact_number) < 0.2 then lower(first_name) else first_name end
        as "FirstName",
    last_name as "LastName",
    first_name || ' ' || last_name as "Name",
    case
        when u('mail', contact_number) < 0.06 then null
        when u('mail', contact_number) < 0.09 then first_name || ' at company.com'
        when u('mail', contact_number) < 0.11 then 'none'
        when u('mail', contact_number) < 0.16 then
            draw(['info', 'sales', 'accounts'], 'role', contact_number) || '@' || site
        when u('mail', contact_number) < 0.22 then
            draw(['office', 'manager', 'contact1'], 'free', contact_number) || '@gmail.com'
        else regexp_replace(strip_accents(first_name), '[^A-Za-z]', '', 'g') || '.'
            || regexp_replace(strip_accents(last_name), '[^A-Za-z]', '', 'g')
            || (person % 97)::varchar || '@' || site
    end as "Email",
    case when u('contact phone', contact_number) < 0.5 then
        '+' || calling_code || ' ' || subscriber_number(calling_code, hash(person, 'desk'))
    end as "Phone",
    draw(['CEO', 'IT Manager', 'Head of Procurement', 'CFO', 'Network Engineer', null], 'title',
        contact_number) as "Title",
    draw(['IT', 'Finance', 'Procurement', 'Operations', null], 'department', contact_number)
        as "Department",
    draw(['Decision Maker', 'Technical', 'Billing', 'billing', null], 'contact role',
        contact_number) as "Role__c",
    u('opt', contact_number) < 0.08 as "HasOptedOutOfEmail",
    owner_of(company_number) as "OwnerId",
    is_gone or (k > 0 and u('deleted contact', contact_number) < 0.01) as "IsDeleted",
    moment(least(customer_since, origin()), 'contact', contact_number) as "CreatedDate"
from (
    select *, website_name || '.' || domain as site
    from person
);

create or replace temp table product as
select * from (values
    (1, 'Dedicated Internet Access', 'DIA', 'Connectivity', 'GB', 900),
    (2, 'MPLS VPN', 'MPLS', 'Connectivity', 'GB', 1400),
    (3, 'SD-WAN', 'SDWAN', 'Connectivity', 'GB', 1100),
    (4, 'SIP Trunking', 'SIP', 'Voice', 'minutes', 350),
    (5, 'Hosted PBX', 'PBX', 'Voice', 'minutes', 280),
    (6, 'Mobile Fleet', 'MOB', 'Mobile', 'GB', 650),
    (7, 'IoT Connectivity', 'IOT', 'Mobile', 'messages', 420),
    (8, 'Managed Firewall', 'FWL', 'Security', 'GB', 520),
    (9, 'Cloud Connect', 'CLD', 'Cloud', 'GB', 780),
    (10, 'Colocation', 'COL', 'Cloud', 'kWh', 1600)
) as t (number, name, code, family, unit, monthly_usd);

insert into "Product2" by name
select salesforce_id('01t', number) as "Id", name as "Name", code as "ProductCode",
    family as "Family", number <> 5 as "IsActive", false as "IsDeleted",
    (origin() - 2900)::timestamptz as "CreatedDate"
from product;

-- Units of a currency for one dollar, drifting a little from month to month.
create or replace temp table rate as
select
    currency,
    month,
    (month + interval 1 month)::date as next_month,
    round(base * (1 + drift * date_diff('month', first_month(), month))
        * (1 + 0.015 * normal('rate ' || currency, date_diff('month', date '2000-01-01', month))),
        6) as units
from (values ('ZAR', 18.2, -0.001), ('KES', 129.0, 0.001), ('NGN', 1480.0, 0.004),
    ('EUR', 0.92, -0.0005), ('GBP', 0.79, -0.0004), ('AUD', 1.52, 0.0003), ('CAD', 1.37, 0.0003),
    ('JPY', 148.0, 0.001), ('SGD', 1.34, 0.0), ('GHS', 12.5, 0.003), ('TZS', 2600.0, 0.001),
    ('PLN', 3.95, 0.0), ('SEK', 10.4, 0.0002), ('UAH', 41.0, 0.002), ('CNY', 7.2, 0.0),
    ('INR', 84.0, 0.001), ('USD', 1.0, 0.0)) as c (currency, base, drift),
    generate_series(first_month()::timestamp - interval 84 month, today()::timestamp,
        interval 1 month) as g (moment_of_month), (select 1) as one,
    lateral (select moment_of_month::date as month) as m;
update rate set units = 1 where currency = 'USD';

insert into "DatedConversionRate" by name
select
    salesforce_id('04w', dense_rank() over (order by currency) * 10000
        + date_diff('month', date '2000-01-01', month)) as "Id",
    currency as "IsoCode", month as "StartDate", next_month as "NextStartDate",
    units as "ConversionRate", month::timestamptz as "CreatedDate"
from rate;

insert into "CurrencyType" by name
select salesforce_id('01L', row_number() over (order by currency)) as "Id", currency as "IsoCode",
    arg_max(units, month) as "ConversionRate", 2 as "DecimalPlaces", true as "IsActive",
    currency = 'USD' as "IsCorporate", (origin() - 2900)::timestamptz as "CreatedDate"
from rate group by currency;

create or replace temp table local_rate as
select currency, arg_max(units, month) as units from rate where month <= origin()
group by currency
union all select 'NZD', 1.65;
