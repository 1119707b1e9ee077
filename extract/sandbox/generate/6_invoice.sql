-- Invoices, what became of them, and credit notes. Most are paid; the fate of the others is drawn
-- once for each, and shows from the day on which it falls.
create or replace temp macro fate_of(draw) as
    case
        when draw >= 0.056 then null
        when draw < 0.015 then 'Void'
        when draw < 0.025 then 'Draft'
        when draw < 0.042 then 'Disputed'
        else 'Partially Paid'
    end;
-- What is left is often a rounding difference or a bank's fee.
create or replace temp macro is_a_few_cents(fate, i) as
    fate = 'Partially Paid' and u('few cents', i) < 0.3;
create or replace temp macro is_credited(i) as u('credit', i) < 0.022 and u('fate', i) >= 0.056;
create or replace temp macro credited_on(month, i) as
    month + 3 + floor(u('credited on', i) * 50)::integer;
-- One in five is credited in full, and billed again.
create or replace temp macro credit_share(i) as
    case when u('credit share', i) < 0.2 then 1
        else 0.05 + 0.5 * u('credit share', i) end;
create or replace temp macro names_its_invoice(i) as u('credit names', i) < 0.5;

insert into "Invoice__c" by name
with billed as (
    select
        s.account_number,
        m.month_number,
        m.month,
        sum(s.price) as amount,
        s.account_number * 40 + m.month_number + 1 as invoice_number
    from service as s
    inner join month as m
        on m.month >= s.installed_on and (s.ends_on is null or m.month < s.ends_on)
    group by all
), drawn as (
    select
        b.*,
        a.account_id,
        a.holder_id,
        a.is_gone,
        a.currency,
        a.late_share,
        distress(a.state, a.trouble_from, a.leaving_on, a.shows_signs, b.month) as distress,
        draw([14, 30, 30, 45], 'payment terms', b.account_number) as terms,
        u('fate', b.invoice_number) as fate_draw
    from billed as b
    inner join customer as a on b.account_number = a.account_number
), settled as (
    select
        *,
        round(amount * (1 + 0.04 * normal('extras', invoice_number)), 2) as billed,
        (month + terms)::date as due_on,
        fate_of(fate_draw) as fate,
        case when is_credited(invoice_number) and names_its_invoice(invoice_number)
            then happened(credited_on(month, invoice_number)) end as lowered_on,
        case when lowered_on is not null
            then round(billed * credit_share(invoice_number), 2) else 0 end as lowered_by,
        case fate
            when 'Void' then month + 2 + floor(u('void on', invoice_number) * 25)::integer
            when 'Draft' then month
            when 'Disputed' then month + 8 + floor(u('disputed on', invoice_number) * 10)::integer
            when 'Partially Paid'
                then month + terms + floor(u('days late', invoice_number) * 20)::integer
        end as fate_on,
        case
            when fate in ('Void', 'Draft') then null
            -- Half of the disputes, and of the larger remainders, are settled in the end.
            when fate is not null then
                case when u('settled', invoice_number) < 0.45
                    and not coalesce(is_a_few_cents(fate, invoice_number), false)
                    then fate_on + 40 + floor(u('settled', invoice_number) * 400)::integer end
            when lowered_by = billed then lowered_on
            when u('never', invoice_number) < 0.002 + 0.35 * greatest(0, distress - 0.5) then null
            when u('late', invoice_number) < late_share + 0.6 * distress
                then month + terms + 1
                    + floor((5 + 55 * distress) * u('days late', invoice_number))::integer
            else month + terms - floor(u('days early', invoice_number) * 12)::integer
        end as paid_on,
        -- The collectors give up on some of what was never paid; the rest stays as an old debt.
        case when fate is null and paid_on is null and u('given up', invoice_number) < 0.6
            then due_on + 180 + floor(u('given up', invoice_number) * 200)::integer
        end as written_off_on
    from drawn
), stated as (
    select
        *,
        case
            when paid_on <= today() then draw(['Paid', 'paid', 'Paid'], 'status', invoice_number)
            when written_off_on <= today() then 'Written Off'
            when fate_on <= today() then fate
            when due_on < today() then 'Overdue'
            else 'Open'
        end as status
    from settled
)
select
    salesforce_id('a01', invoice_number) as "Id",
    'INV-' || lpad(invoice_number::varchar, 8, '0') as "Name",
    pointed_at(account_id, holder_id, 'old invoice', invoice_number) as "Account__c",
    -- Not every invoice says what it is.
    case when fate_draw < 0.99 then 'Invoice' end as "Type__c",
    month as "Invoice_Date__c",
    due_on as "Due_Date__c",
    happened(paid_on) as "Paid_Date__c",
    happened(written_off_on) as "Written_Off_Date__c",
    billed as "Amount__c",
    case
        when paid_on <= today() or status in ('Void', 'Written Off') then 0
        when status <> 'Partially Paid' then billed - lowered_by
        when is_a_few_cents(fate, invoice_number)
            then 0.01 + floor(u('cents', invoice_number) * 5) / 100
        else round(billed * (0.1 + 0.6 * u('cents', invoice_number)), 2)
    end as "Balance__c",
    case when u('invoice currency', invoice_number) < 0.01 then null else currency end
        as "CurrencyIsoCode",
    status as "Status__c",
    case when paid_on <= today() or status in ('Void', 'Draft', 'Written Off') then 0
        else greatest(today() - due_on, 0) end as "Days_Overdue__c",
    is_gone or u('deleted invoice', invoice_number) < 0.002 as "IsDeleted",
    moment(month, 'invoiced', invoice_number) as "CreatedDate",
    moment(greatest(month, happened(paid_on), happened(written_off_on), happened(fate_on),
        lowered_on), 'settled', invoice_number) as "LastModifiedDate"
from stated;

-- A credit note is made from its invoice, in the numbers above all invoices'. Half of them name it;
-- of those that name none, half lie unused as the customer's money.
insert into "Invoice__c" by name
select
    salesforce_id('a01', number + 500000000) as "Id",
    'CN-' || lpad(number::varchar, 8, '0') as "Name",
    "Account__c",
    'Credit Note' as "Type__c",
    credited_on("Invoice_Date__c", number) as "Invoice_Date__c",
    credited_on("Invoice_Date__c", number) as "Due_Date__c",
    case when not is_unused then credited_on("Invoice_Date__c", number) end as "Paid_Date__c",
    case when names_its_invoice(number) then "Id" end as "Credited_Invoice__c",
    -round("Amount__c" * credit_share(number), 2) as "Amount__c",
    case when is_unused then -round("Amount__c" * credit_share(number), 2) else 0 end
        as "Balance__c",
    "CurrencyIsoCode",
    if(is_unused, 'Open', 'Paid') as "Status__c",
    0 as "Days_Overdue__c",
    "IsDeleted",
    moment(credited_on("Invoice_Date__c", number), 'credited', number) as "CreatedDate"
from (
    select *, substr("Name", 5)::bigint as number,
        not names_its_invoice(number) and u('unused', number) < 0.5 as is_unused
    from "Invoice__c"
)
where is_credited(number) and credited_on("Invoice_Date__c", number) <= today();
