-- Companies and their accounts: the truth that the records below are made from.
-- Every draw is a hash of (row, purpose, seed), so it depends neither on order nor on threads.
create or replace temp macro u(purpose, i) as
    (hash(i, purpose, getvariable('seed')) >> 11)::double / 9007199254740992.0;
create or replace temp macro draw(choices, purpose, i) as
    choices[1 + floor(u(purpose, i) * len(choices))::integer];
create or replace temp macro normal(purpose, i) as
    sqrt(-2 * ln(greatest(u(purpose || '+', i), 1e-12))) * cos(2 * pi() * u(purpose || '-', i));
create or replace temp macro salesforce_id(prefix, n) as
    prefix || '5g0' || lpad(n::varchar, 9, '0')
    || case when prefix in ('00T', '00U', '01L') then 'EAA' else 'AAA' end;
create or replace temp macro today() as getvariable('today')::date;
create or replace temp macro first_month() as
    (date_trunc('month', today()) - interval 24 month)::date;

create or replace temp table country as
select * from (values
    ('ZA', ['South Africa', 'ZA', 'Republic of South Africa', 'south africa'], 'Africa', 'ZAR',
        ['(Pty) Ltd', 'Pty Ltd', 'Limited', 'Proprietary Limited'], '27', 'co.za',
        ['Johannesburg', 'Cape Town', 'Durban', 'Pretoria'], 0.14),
    ('KE', ['Kenya', 'KE', 'KENYA'], 'Africa', 'KES', ['Ltd', 'Limited', 'PLC'], '254', 'co.ke',
        ['Nairobi', 'Mombasa', 'Kisumu'], 0.24),
    ('NG', ['Nigeria', 'NG', 'Federal Republic of Nigeria'], 'Africa', 'NGN',
        ['Ltd', 'Plc', 'Nigeria Limited'], '234', 'com.ng', ['Lagos', 'Abuja', 'Kano'], 0.32),
    ('GB', ['United Kingdom', 'UK', 'Great Britain', 'GB'], 'Europe', 'GBP',
        ['Ltd', 'Limited', 'PLC', 'LLP'], '44', 'co.uk',
        ['London', 'Manchester', 'Leeds', 'Bristol'], 0.46),
    ('DE', ['Germany', 'Deutschland', 'DE'], 'Europe', 'EUR', ['GmbH', 'AG', 'GmbH & Co. KG'],
        '49', 'de', ['Berlin', 'München', 'Hamburg', 'Köln'], 0.56),
    ('FR', ['France', 'FR', 'FRANCE'], 'Europe', 'EUR', ['SA', 'SAS', 'S.A.R.L.'], '33', 'fr',
        ['Paris', 'Lyon', 'Marseille'], 0.63),
    ('NL', ['Netherlands', 'The Netherlands', 'NL', 'Holland'], 'Europe', 'EUR',
        ['B.V.', 'BV', 'N.V.'], '31', 'nl', ['Amsterdam', 'Rotterdam', 'Utrecht'], 0.68),
    ('US', ['United States', 'USA', 'US', 'United States of America'], 'North America', 'USD',
        ['Inc.', 'Inc', 'LLC', 'Corporation', 'Corp.'], '1', 'com',
        ['New York', 'Chicago', 'Houston', 'Seattle', 'Atlanta'], 0.84),
    ('CA', ['Canada', 'CA'], 'North America', 'CAD', ['Inc.', 'Ltd.', 'ULC'], '1', 'ca',
        ['Toronto', 'Montréal', 'Vancouver'], 0.89),
    ('AU', ['Australia', 'AU', 'AUSTRALIA'], 'Asia-Pacific', 'AUD',
        ['Pty Ltd', 'Pty. Limited', 'Ltd'], '61', 'com.au', ['Sydney', 'Melbourne', 'Perth'], 0.95),
    ('JP', ['Japan', 'JP', '日本'], 'Asia-Pacific', 'JPY', ['K.K.', 'Co., Ltd.', 'KK'], '81',
        'co.jp', ['Tokyo', 'Osaka'], 0.975),
    ('SG', ['Singapore', 'SG'], 'Asia-Pacific', 'SGD', ['Pte Ltd', 'Pte. Ltd.'], '65', 'com.sg',
        ['Singapore'], 0.993),
    ('NZ', ['New Zealand', 'NZ'], 'Asia-Pacific', 'NZD', ['Limited', 'Ltd'], '64', 'co.nz',
        ['Auckland', 'Wellington'], 1.0)
) as t (country_code, spellings, region, currency, legal_forms, calling_code, domain, cities,
    cumulative);

create or replace temp table vocabulary as
select
    ['ka', 'ro', 'ma', 'vi', 'ten', 'sol', 'bra', 'dor', 'lin', 'qua', 'mer', 'zan', 'tu', 'nex',
     'pel', 'gra', 'har', 'win', 'ster', 'lo', 'mi', 'ra', 'kem', 'bo', 'fal', 'cor', 'ly', 'sa',
     'ven', 'ta', 'hu', 'del', 'ny', 'ek', 'or', 'ba', 'su', 'ri', 'jo', 'tho', 'wes', 'lan',
     'bel', 'fi', 'no', 'ark', 'um', 'eri', 'cal', 'dra', 'pol', 'shi', 'gan', 'wa', 'le', 'tri',
     'mo', 'des', 'hal', 'kin'] as syllables,
    ['Freight', 'Logistics', 'Bank', 'Mining', 'Foods', 'Energy', 'Insurance', 'Hotels',
     'Retail', 'Motors', 'Steel', 'Textiles', 'Pharma', 'Media', 'Airways', 'Shipping', 'Agro',
     'Construction', 'Properties', 'Capital', 'Engineering', 'Packaging', 'Chemicals', 'Cement',
     'Beverages', 'Clinics', 'Security', 'Software', 'Timber', 'Fisheries', 'Plastics',
     'Petroleum', 'Electronics', 'Furniture', 'Water', 'Dairies'] as trades,
    ['Global', 'United', 'First', 'National', 'Premier', 'Central', 'Royal', 'Pacific',
     'Continental', 'General', 'Standard', 'Metro'] as common_words,
    ['Services', 'Solutions', 'International', 'Systems', 'Partners', 'Technologies'] as qualifiers;

create or replace temp table company as
with drawn as (
    select
        i as company_number,
        case
            when u('members', i) < 0.80 then 1
            when u('members', i) < 0.92 then 2
            when u('members', i) < 0.97 then 3
            when u('members', i) < 0.99 then 4
            else 5 + floor(u('many', i) * 3)::integer
        end as members,
        -- A sister shares the distinctive word of its neighbour, a namesake its whole name.
        case when i % 61 = 7 then i - 1 else i end as stem_of,
        case when i % 173 = 11 then i - 1 else i end as name_of,
        u('state', i) as state_draw,
        u('home', i) as home_draw
    from range(getvariable('accounts')::bigint) as t (i)
), counted as (
    select *, sum(members) over (order by company_number) as last_account
    from drawn
)
select
    company_number,
    last_account - members as first_account,
    least(members, getvariable('accounts') - (last_account - members))::integer as members,
    name_of,
    stem_of,
    home_draw,
    case
        when state_draw < 0.25 then 'growth'
        when state_draw < 0.72 then 'steady'
        when state_draw < 0.86 then 'trouble'
        else 'leaving'
    end as state,
    -- Leaving customers go at any time from the seventh month on, some after today.
    case when state_draw >= 0.86 then
        first_month() + (200 + floor(u('leaving', company_number) * 690))::integer
    end as leaving_on,
    case when state_draw between 0.72 and 0.86 then
        first_month() + floor(u('trouble', company_number) * 700)::integer
    end as trouble_from,
    -- One in four who leave gives no sign of it beforehand.
    u('sign', company_number) >= 0.25 as shows_signs,
    case
        when u('segment', company_number) < 0.12 then 'Enterprise'
        when u('segment', company_number) < 0.45 then 'Mid-Market'
        else 'Small Business'
    end as segment,
    u('prospect', company_number) < 0.05 as is_prospect
from counted
where last_account - members < getvariable('accounts');

create or replace temp table company_name as
select
    c.company_number,
    upper(left(stem, 1)) || substr(stem, 2) as stem,
    draw(v.trades, 'trade', c.name_of) as trade,
    case
        when c.name_of % 47 = 5 then draw(v.common_words, 'common', c.name_of)
        when u('qualified', c.name_of) < 0.25 then draw(v.qualifiers, 'qualifier', c.name_of)
    end as extra,
    case
        when c.name_of % 47 = 5 then 'common'
        when u('pattern', c.name_of) < 0.14 then 'partners'
        when u('pattern', c.name_of) < 0.24 then 'single'
        else 'trade'
    end as pattern,
    upper(left(other, 1)) || substr(other, 2) as other_stem
from (
    select
        c.*,
        draw(v.syllables, 'syllable 1', c.stem_of) || draw(v.syllables, 'syllable 2', c.stem_of)
        || case when u('long', c.stem_of) < 0.75 then draw(v.syllables, 'syllable 3', c.stem_of)
            else '' end
        || case when u('longer', c.stem_of) < 0.2 then draw(v.syllables, 'syllable 4', c.stem_of)
            else '' end as stem,
        draw(v.syllables, 'other 1', c.name_of) || draw(v.syllables, 'other 2', c.name_of)
        || draw(v.syllables, 'other 3', c.name_of) as other
    from company as c cross join vocabulary as v
) as c
cross join vocabulary as v;

create or replace temp table site as
with placed as (
    select
        c.*,
        c.first_account + m as account_number,
        m as member,
        -- Half of the further members are in the home country, the rest anywhere.
        case when m = 0 or u('abroad', c.first_account + m) < 0.3 then c.home_draw
            else u('country', c.first_account + m) end as country_draw
    from company as c, unnest(range(c.members)) as t (m)
), located as (
    select p.*, k.* exclude (cumulative)
    from placed as p
    inner join country as k
        on p.country_draw < k.cumulative
    qualify row_number() over (partition by p.account_number order by k.cumulative) = 1
), named as (
    select
        l.*,
        n.stem,
        n.trade,
        case n.pattern
            when 'common' then n.extra || ' ' || n.trade
            when 'partners' then n.stem || ' & ' || n.other_stem
            when 'single' then n.stem || coalesce(' ' || n.extra, '')
            else n.stem || ' ' || n.trade || coalesce(' ' || n.extra, '')
        end as base_name,
        u('variant', l.account_number) as variant,
        1 + floor(u('typo', l.account_number) * greatest(len(n.stem) - 2, 1))::integer as typo_at,
        draw(l.legal_forms, 'legal form', l.account_number) as legal_form
    from located as l
    inner join company_name as n on l.company_number = n.company_number
), spelled as (
    select
        *,
        case
            when member = 0 or variant < 0.25 then base_name || ' ' || legal_form
            when variant < 0.45 then base_name || ' ' || spellings[1] || ' ' || legal_form
            when variant < 0.55 then base_name
            when variant < 0.63 then base_name || ' Group'
            when variant < 0.68 then base_name || ' Holdings ' || legal_form
            when variant < 0.75 then
                replace(replace(base_name, 'International', 'Intl'), 'Services', 'Svcs')
                || ' ' || legal_form
            when variant < 0.82 and len(stem) > 5 then
                left(base_name, typo_at + 1) || substr(base_name, typo_at + 3) || ' ' || legal_form
            when variant < 0.88 then replace(base_name, ' & ', ' and ') || ', ' || legal_form
            when variant < 0.94 then base_name || ' (' || cities[1] || ')'
            else 'The ' || base_name || ' Company'
        end as clean_name
    from named
)
select
    * exclude (clean_name),
    salesforce_id('001', account_number + 1) as account_id,
    salesforce_id('001', first_account + 1) as head_id,
    clean_name,
    case
        when u('dirt name', account_number) < 0.04 then upper(clean_name)
        when u('dirt name', account_number) < 0.07 then lower(clean_name)
        when u('dirt name', account_number) < 0.10 then '  ' || replace(clean_name, ' ', '  ')
        when country_code = 'JP' and u('dirt name', account_number) < 0.3
            then '株式会社' || clean_name
        else clean_name
    end as name,
    today() - (120 + floor(u('since', account_number) * 2600))::integer as customer_since,
    u('payer', account_number) * 0.18 as late_share,
    draw(['KPS', 'TLC', 'ACC'], 'series', account_number)
    || '-' || lpad(account_number::varchar, 7, '0') as account_code,
    case segment when 'Enterprise' then 3 + floor(u('services', account_number) * 4)
        when 'Mid-Market' then 1 + floor(u('services', account_number) * 3)
        else 1 + floor(u('services', account_number) * 1.4) end::integer as services
from spelled;
