-- Companies and their accounts: the truth that the records below are made from.
-- Every draw is a hash of (row, purpose, seed), so it depends neither on order nor on threads;
-- the inner hash is a constant of the statement, and mixed in before the outer one, since a hash
-- of two values only XORs them, which would make the draws of a row depend on one another.
create or replace temp macro u(purpose, i) as
    (hash(xor(i::bigint, (hash(purpose, getvariable('seed')) >> 1)::bigint)) >> 11)::double
    / 9007199254740992.0;
create or replace temp macro draw(choices, purpose, i) as
    choices[1 + floor(u(purpose, i) * len(choices))::integer];
create or replace temp macro normal(purpose, i) as
    sqrt(-2 * ln(greatest(u(purpose || '+', i), 1e-12))) * cos(2 * pi() * u(purpose || '-', i));
create or replace temp macro salesforce_id(prefix, n) as
    prefix || '5g0' || lpad(n::varchar, 9, '0')
    || case when prefix in ('00T', '00U', '01L') then 'EAA' else 'AAA' end;
-- Lives hang on the day for which the org was first made; what has happened of them ends today.
create or replace temp macro origin() as getvariable('origin')::date;
create or replace temp macro today() as getvariable('today')::date;
create or replace temp macro first_month() as
    (date_trunc('month', origin()) - interval 24 month)::date;

-- `share` is the part of companies at home there.
create or replace temp table country as
select
    * exclude (share),
    sum(share) over (order by country_code) / sum(share) over () as cumulative
from (values
    ('ZA', 'en', ['South Africa', 'ZA', 'Republic of South Africa', 'south africa'], 'Africa',
        'ZAR', ['(Pty) Ltd', 'Pty Ltd', 'Limited', 'Proprietary Limited'], '27', 'co.za',
        ['Johannesburg', 'Cape Town', 'Durban', 'Pretoria'], 13),
    ('KE', 'en', ['Kenya', 'KE', 'KENYA'], 'Africa', 'KES', ['Ltd', 'Limited', 'PLC'], '254',
        'co.ke', ['Nairobi', 'Mombasa', 'Kisumu'], 9),
    ('NG', 'en2', ['Nigeria', 'NG', 'Federal Republic of Nigeria'], 'Africa', 'NGN',
        ['Ltd', 'Plc', 'Nigeria Limited'], '234', 'com.ng', ['Lagos', 'Abuja', 'Kano'], 7),
    ('GH', 'en', ['Ghana', 'GH'], 'Africa', 'GHS', ['Ltd', 'Limited', 'Company Limited'], '233',
        'com.gh', ['Accra', 'Kumasi'], 2),
    ('TZ', 'en2', ['Tanzania', 'TZ', 'United Republic of Tanzania'], 'Africa', 'TZS',
        ['Limited', 'Ltd'], '255', 'co.tz', ['Dar es Salaam', 'Arusha'], 2),
    ('GB', 'en2', ['United Kingdom', 'UK', 'Great Britain', 'GB'], 'Europe', 'GBP',
        ['Ltd', 'Limited', 'PLC', 'LLP'], '44', 'co.uk',
        ['London', 'Manchester', 'Leeds', 'Bristol'], 12),
    ('IE', 'en', ['Ireland', 'IE', 'Éire'], 'Europe', 'EUR', ['Ltd', 'DAC', 'Limited'], '353',
        'ie', ['Dublin', 'Cork'], 2),
    ('DE', 'de', ['Germany', 'Deutschland', 'DE'], 'Europe', 'EUR',
        ['GmbH', 'AG', 'GmbH & Co. KG', 'mbH'], '49', 'de',
        ['Berlin', 'München', 'Hamburg', 'Köln'], 8),
    ('FR', 'fr', ['France', 'FR', 'FRANCE'], 'Europe', 'EUR', ['SA', 'SAS', 'S.A.R.L.'], '33',
        'fr', ['Paris', 'Lyon', 'Marseille'], 6),
    ('NL', 'nl', ['Netherlands', 'The Netherlands', 'NL', 'Holland'], 'Europe', 'EUR',
        ['B.V.', 'BV', 'N.V.'], '31', 'nl', ['Amsterdam', 'Rotterdam', 'Utrecht'], 4),
    ('ES', 'es', ['Spain', 'España', 'ES'], 'Europe', 'EUR', ['S.A.', 'S.L.', 'SL'], '34', 'es',
        ['Madrid', 'Barcelona', 'València'], 3),
    ('IT', 'it', ['Italy', 'Italia', 'IT'], 'Europe', 'EUR', ['S.p.A.', 'S.r.l.', 'SpA'], '39',
        'it', ['Milano', 'Roma', 'Torino'], 3),
    ('PL', 'pl', ['Poland', 'Polska', 'PL'], 'Europe', 'PLN', ['Sp. z o.o.', 'S.A.'], '48', 'pl',
        ['Warszawa', 'Kraków', 'Łódź'], 2),
    ('SE', 'sv', ['Sweden', 'Sverige', 'SE'], 'Europe', 'SEK', ['AB', 'Aktiebolag'], '46', 'se',
        ['Stockholm', 'Göteborg', 'Malmö'], 2),
    ('GR', 'el', ['Greece', 'GR', 'Hellas'], 'Europe', 'EUR', ['S.A.', 'A.E.'], '30', 'gr',
        ['Athens', 'Thessaloniki'], 1),
    ('UA', 'uk', ['Ukraine', 'UA', 'Україна'], 'Europe', 'UAH', ['LLC', 'TOV'], '380', 'com.ua',
        ['Kyiv', 'Lviv', 'Odesa'], 1),
    ('US', 'en2', ['United States', 'USA', 'US', 'United States of America'], 'North America',
        'USD', ['Inc.', 'Inc', 'LLC', 'Corporation', 'Corp.'], '1', 'com',
        ['New York', 'Chicago', 'Houston', 'Seattle', 'Atlanta'], 13),
    ('CA', 'en', ['Canada', 'CA'], 'North America', 'CAD', ['Inc.', 'Ltd.', 'ULC'], '1', 'ca',
        ['Toronto', 'Montréal', 'Vancouver'], 4),
    ('AU', 'en2', ['Australia', 'AU', 'AUSTRALIA'], 'Asia-Pacific', 'AUD',
        ['Pty Ltd', 'Pty. Limited', 'Ltd'], '61', 'com.au', ['Sydney', 'Melbourne', 'Perth'], 6),
    ('JP', 'ja', ['Japan', 'JP', '日本'], 'Asia-Pacific', 'JPY', ['K.K.', 'Co., Ltd.', 'KK'],
        '81', 'co.jp', ['Tokyo', 'Osaka'], 2),
    ('CN', 'zh', ['China', 'CN', '中国'], 'Asia-Pacific', 'CNY', ['Co., Ltd.', 'Co Ltd'], '86',
        'com.cn', ['Shanghai', 'Shenzhen', 'Beijing'], 2),
    ('IN', 'en', ['India', 'IN', 'INDIA'], 'Asia-Pacific', 'INR',
        ['Pvt Ltd', 'Private Limited', 'Ltd'], '91', 'co.in', ['Mumbai', 'Bengaluru', 'Delhi'],
        3),
    ('SG', 'en2', ['Singapore', 'SG'], 'Asia-Pacific', 'SGD', ['Pte Ltd', 'Pte. Ltd.'], '65',
        'com.sg', ['Singapore'], 2),
    ('NZ', 'en', ['New Zealand', 'NZ'], 'Asia-Pacific', 'NZD', ['Limited', 'Ltd'], '64', 'co.nz',
        ['Auckland', 'Wellington'], 1)
) as t (country_code, language, spellings, region, currency, legal_forms, calling_code, domain,
    cities, share);

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
        case when i % 61 = 7 or i % 331 = 11 then i - 1 else i end as stem_of,
        case when i % 331 = 11 then i - 1 else i end as name_of,
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
    u('prospect', company_number) < 0.075 as is_prospect
from counted
where last_account - members < getvariable('accounts');

-- A made-up word; the same number gives the same word.
create or replace temp macro syllable(v, part, i, has_coda) as
    draw(v.onsets, part || 'onset', i) || draw(v.vowels, part || 'vowel', i)
    || case when has_coda then draw(v.codas, part || 'coda', i) else '' end;
create or replace temp macro coined(v, i) as
    syllable(v, 'first ', i, false)
    || case when u('long', i) < 0.55 then syllable(v, 'second ', i, false) else '' end
    || syllable(v, 'last ', i, true);
create or replace temp macro capitalised(word) as upper(left(word, 1)) || substr(word, 2);

create or replace temp table proposed_name as
with home as (
    -- A name is in the language of the company that bore it first.
    select
        c.company_number, c.name_of, c.stem_of, k.country_code as home_country,
        l.* replace (l.has_native_script and f.country_code = k.country_code as has_native_script)
    from (select *, u('home', name_of) as first_draw from company) as c
    asof inner join country as k on c.home_draw < k.cumulative
    asof inner join country as f on c.first_draw < f.cumulative
    inner join language as l on l.language = f.language
), drawn as (
    select
        h.company_number,
        h.home_country,
        h.name_of,
        h.is_trade_first,
        h.has_native_script and u('native', h.name_of) < 0.45 as is_native,
        1 + floor(u('trade', h.name_of) * 24)::integer as trade_number,
        h.trades,
        h.native_trades,
        -- Zipf and Mandelbrot: a few surnames belong to a dozen companies in 100,000, most to one.
        capitalised(coined(
            v, floor(200 * exp(u('surname', h.stem_of) * ln(10000)))::bigint + 1000000000
        )) as surname,
        draw(h.surnames, 'real surname', h.stem_of) as real_surname,
        draw(h.surnames, 'other surname', h.name_of) as other_surname,
        draw(h.native_surnames, 'real surname', h.stem_of) as native_surname,
        draw(h.native_surnames, 'other surname', h.name_of) as native_other_surname,
        draw(h.places, 'place', h.name_of) as place,
        capitalised(coined(v, h.stem_of)) as stem,
        draw(v.common_words, 'common', h.name_of) as common_word,
        draw(v.common_words, 'second common', h.name_of) as second_common_word,
        draw(v.qualifiers, 'qualifier', h.name_of) as qualifier,
        case when u('qualified', h.name_of) < 0.25
            then ' ' || draw(v.qualifiers, 'qualifier', h.name_of) else '' end as extra,
        draw(v.brands, 'brand', h.name_of // 400) as brand,
        chr(65 + floor(u('letter 1', h.stem_of) * 26)::integer)
        || chr(65 + floor(u('letter 2', h.stem_of) * 26)::integer)
        || chr(65 + floor(u('letter 3', h.stem_of) * 26)::integer) as acronym,
        (2 + floor(u('digits', h.name_of) * 120))::integer as number,
        case
            when h.name_of % 400 < 4 then 'franchise'
            when h.name_of % 47 = 5 then 'common'
            when u('pattern', h.name_of) < 0.30 then 'coined'
            when u('pattern', h.name_of) < 0.38 then 'single'
            when u('pattern', h.name_of) < 0.58 then 'surname'
            when u('pattern', h.name_of) < 0.70 then 'partners'
            when u('pattern', h.name_of) < 0.78 then 'real partners'
            when u('pattern', h.name_of) < 0.83 then 'place'
            when u('pattern', h.name_of) < 0.92 then 'acronym'
            when u('pattern', h.name_of) < 0.95 then 'number'
            else 'family'
        end as pattern,
        capitalised(coined(v, h.name_of + 2000000000)) as other_stem,
        capitalised(coined(v, h.company_number + 3000000000)) as added_word
    from home as h cross join vocabulary as v
), worded as (
    select
        d.*,
        d.trades[d.trade_number] as trade,
        d.native_trades[d.trade_number] as native_trade,
        e.trades[d.trade_number] as industry
    from drawn as d
    inner join language as e on e.language = 'en'
)
select
    company_number,
    home_country,
    name_of <> company_number as is_namesake,
    added_word,
    case pattern when 'acronym' then acronym when 'surname' then surname else stem end as stem,
    industry,
    case pattern
        when 'franchise' then brand || ' ' || place || ' ' || stem
        when 'common' then common_word || ' ' || second_common_word || ' ' || trade || ' '
            || qualifier
        when 'single' then stem || extra
        when 'partners' then surname || ' & ' || other_stem || extra
        when 'real partners' then real_surname || ' & ' || surname || ' ' || trade
        when 'family' then real_surname || ' ' || stem || ' & Sons'
        when 'place' then stem || ' ' || place || ' ' || trade
        when 'number' then stem || ' ' || number || ' ' || trade
        when 'acronym' then acronym || ' ' || trade || extra
        else case when is_trade_first then trade || ' ' || if(pattern = 'surname', surname, stem)
            else if(pattern = 'surname', surname, stem) || ' ' || trade end || extra
    end as latin_name,
    case when is_native then case
        when home_country in ('JP', 'CN') then native_surname || native_other_surname
            || native_trade
        else native_surname || ' ' || native_other_surname || ' ' || native_trade
    end end as native_name,
    if(is_native, real_surname || ' ' || other_surname || ' ' || trade, latin_name)
        as romanised_name
from worded;

-- A register refuses a name that another company of the country bears, so the later one adds a
-- word; the namesakes get by. And a web domain has one owner: the next adds a number.
create or replace temp table company_name as
with registered as (
    select
        company_number,
        home_country,
        stem,
        industry,
        if(
            is_namesake
            or row_number() over (
                partition by home_country, coalesce(native_name, latin_name), is_namesake
                order by company_number
            ) = 1,
            '', ' ' || added_word
        ) as addition,
        latin_name || addition as latin_name,
        native_name || addition as native_name,
        romanised_name || addition as romanised_name
    from proposed_name
), sited as (
    select
        *,
        left(lower(regexp_replace(strip_accents(romanised_name), '[^A-Za-z0-9]', '', 'g')), 26)
            as domain_name,
        row_number() over (partition by domain_name order by company_number) as domain_rank
    from registered
)
select
    * exclude (addition, domain_name, domain_rank),
    domain_name || if(domain_rank > 1, domain_rank::varchar, '') as website_name
from sited;

create or replace temp table address as
with placed as (
    select
        c.*,
        c.first_account + m as account_number,
        m as member,
        -- Of the further members three in ten are in the home country, the rest anywhere.
        case when m = 0 or u('abroad', c.first_account + m) < 0.3 then c.home_draw
            else u('country', c.first_account + m) end as country_draw
    from company as c, unnest(range(c.members)) as t (m)
), located as (
    select p.*, k.* exclude (cumulative)
    from placed as p
    asof inner join country as k on p.country_draw < k.cumulative
), named as (
    select
        l.*,
        n.stem,
        n.industry,
        -- At home a name may be in the country's own script; abroad it is romanised.
        n.native_name is not null and l.country_code = n.home_country as is_native,
        case
            when n.native_name is null then n.latin_name
            when l.country_code = n.home_country then n.native_name
            else n.romanised_name
        end as base_name,
        n.website_name,
        u('variant', l.account_number) as variant,
        1 + floor(u('typo', l.account_number) * greatest(len(n.stem) - 2, 1))::integer as typo_at,
        draw(l.legal_forms, 'legal form', l.account_number) as legal_form
    from located as l
    inner join company_name as n on l.company_number = n.company_number
), spelled as (
    select
        *,
        case
            when is_native and variant >= 0.12 then case country_code
                when 'JP' then if(variant < 0.6, '株式会社' || base_name, base_name || '株式会社')
                when 'CN' then base_name || '有限公司'
                when 'UA' then 'ТОВ "' || base_name || '"'
                else base_name || ' Α.Ε.' end
            when is_native then base_name
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
    * exclude (legal_forms, base_name, variant, typo_at, legal_form, home_draw, name_of, stem_of,
        country_draw, language),
    salesforce_id('001', account_number + 1) as account_id,
    clean_name,
    case
        when u('dirt name', account_number) < 0.04 then upper(clean_name)
        when u('dirt name', account_number) < 0.07 then lower(clean_name)
        when u('dirt name', account_number) < 0.10 then '  ' || replace(clean_name, ' ', '  ')
        else clean_name
    end as name,
    u('payer', account_number) * 0.18 as late_share,
    draw(['KPS', 'TLC', 'ACC'], 'series', account_number)
    || '-' || lpad(account_number::varchar, 7, '0') as account_code,
    case segment when 'Enterprise' then 3 + floor(u('services', account_number) * 4)
        when 'Mid-Market' then 1 + floor(u('services', account_number) * 3)
        else 1 + floor(u('services', account_number) * 1.4) end::integer as services
from spelled;
