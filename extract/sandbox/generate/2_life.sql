-- How each account came and where it went: when it bought first, when it gives notice, into which
-- account it was merged, whether somebody deleted it.

-- Duplicates that were merged: the loser is deleted and names its survivor. In a chain the survivor
-- is merged again; a dead end is a chain whose last survivor is then deleted for good.
create or replace temp table merger as
with large as (
    select company_number, first_account, members,
        row_number() over (partition by members > 2 order by company_number) as place
    from company
    where members > 1
), kind as (
    select
        *,
        case
            when members > 2 and place % 400 = 1 then 'dead end'
            when members > 2 and place % 20 = 2 then 'chain'
            when u('merged', company_number) < 0.09 then 'single'
        end as kind
    from large
), dated as (
    select
        *,
        case kind
            when 'dead end' then origin() - 200
            when 'chain' then origin() - 320 + floor(u('merged on', company_number) * 150)::integer
            -- Some of these lie ahead.
            else origin() - 400 + floor(u('merged on', company_number) * 500)::integer
        end as first_on,
        first_on + 30 + floor(u('merged again', company_number) * 120)::integer as second_on
    from kind
    where kind is not null
)
select
    first_account + loser as account_number,
    first_account + loser - 1 as survivor_number,
    case when loser = 2 or kind = 'single' then first_on else second_on end as merged_on,
    first_account as last_number,
    case when loser = 2 then second_on end as merged_again_on,
    first_account,
    kind,
    case when kind = 'dead end' then second_on + 20 end as deleted_on
from dated, unnest(range(1, if(kind = 'single', 2, 3))) as t (loser);

create or replace temp table life as
with begun as (
    select
        a.account_number,
        a.company_number,
        a.member,
        a.members,
        a.first_account,
        a.state,
        a.leaving_on,
        a.is_prospect as never_buys,
        m.merged_on,
        k.kind as merger_kind,
        k.deleted_on as dead_end_on,
        case when m.merged_on <= today() then m.survivor_number end as master_number,
        case
            when m.merged_on is null or m.merged_on > today() then a.account_number
            when m.merged_again_on <= today() then m.last_number
            else m.survivor_number
        end as holder_number,
        origin() - case
            -- What is merged was there before.
            when k.kind is not null then 500 + floor(u('since', a.account_number) * 2200)
            when u('joined', a.account_number) < 0.045
                then 1 + floor(u('since', a.account_number) * 88)
            -- These sign after the day for which the org was made: prospects until then.
            when u('joined', a.account_number) < 0.06
                then -1 - floor(u('since', a.account_number) * 150)
            else 120 + floor(u('since', a.account_number) * 2600)
        end::integer as customer_since
    from address as a
    left join merger as m on a.account_number = m.account_number
    left join (select distinct first_account, kind, deleted_on from merger) as k
        on a.first_account = k.first_account
), ended as (
    select
        * replace (
            case when not never_buys and leaving_on >= customer_since + 180 then leaving_on end
                as leaving_on
        ),
        case when u('gives notice', company_number) < 0.9
            then leaving_on - draw([60, 90, 120, 120], 'notice', company_number) end as notice_on,
        -- Now and then somebody deletes an account by mistake and gets it back from the bin.
        case when account_number % 97 = 30 and merger_kind is null and not never_buys
            then origin() - 200 + floor(u('binned', account_number) * 300)::integer end
            as binned_on,
        binned_on + 3 + floor(u('restored', account_number) * 20)::integer as restored_on,
        case when u('new owner', account_number) < 0.1
            then origin() - 300 + floor(u('owned on', account_number) * 400)::integer end
            as owner_changed_on,
        case when member > 0 and merger_kind is null and u('moved house', account_number) < 0.06
            then origin() - 300 + floor(u('housed on', account_number) * 400)::integer end
            as parent_changed_on
    from begun
)
select
    * replace (
        if(state = 'leaving' and leaving_on is null, 'steady', state) as state,
        if(leaving_on is null, null, notice_on) as notice_on,
        if(binned_on > customer_since, binned_on, null) as binned_on
    ),
    draw(['service', 'contract', 'both'], 'notice route', account_number) as notice_route,
    never_buys or customer_since > today() as is_prospect,
    never_buys or customer_since > origin() as began_as_prospect,
    -- Deleting an account deletes what hangs on it, so mostly those with little on them go.
    coalesce(
        never_buys and u('deleted account', holder_number) < 0.2
        or dead_end_on <= today() and holder_number = first_account
        or today() >= binned_on and today() < restored_on and binned_on > customer_since,
        false
    ) as is_gone
from ended;

create or replace temp table site as
select
    a.* exclude (state, leaving_on, is_prospect),
    l.* exclude (account_number, company_number, member, members, first_account),
    salesforce_id('001', a.first_account + 1) as head_id,
    -- Where the records of the account are found: with its survivor, once it is merged.
    salesforce_id('001', l.holder_number + 1) as holder_id,
    salesforce_id('001', l.master_number + 1) as master_id
from address as a
inner join life as l on a.account_number = l.account_number;

-- What integrations write goes on pointing at a merged account in part.
create or replace temp macro pointed_at(account_id, holder_id, purpose, i) as
    case when account_id = holder_id or u(purpose, i) < 0.15 then account_id else holder_id end;

-- What the records of a customer's life are drawn from: few columns, since they multiply.
create or replace temp table customer as
select account_number, company_number, first_account, member, members, account_id, holder_id,
    merger_kind, state, leaving_on, notice_on, notice_route, trouble_from, shows_signs, segment,
    is_prospect, began_as_prospect, is_gone, currency, customer_since, late_share, services
from site;
