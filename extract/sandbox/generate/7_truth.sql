-- What really is so, for measuring; `docs/sandbox.md` says what each file holds.
copy (
    select account_id, company_number as company_id from site order by account_id
) to '{directory}/truth/account.parquet' (format parquet, compression snappy);

-- Where each account stands today, by what the records of it and of what was merged into it say.
create or replace temp table standing as
with served as (
    select
        holder_id,
        min(asset_installed_on) as first_service_on,
        max(ends_on) as last_service_on,
        count(*) filter (where is_active) as active,
        count(*) filter (where is_active and is_end_known) as ending,
        max(asset_ends_on) filter (where is_active and is_end_known) as ends_on
    from (
        select *, coalesce(ends_on > today(), true) as is_active,
            coalesce(end_known_on <= today() and asset_ends_on > today(), false) as is_end_known
        from service
        where installed_on <= today()
    )
    group by holder_id
), bound as (
    select
        holder_id,
        min(starts_on) as first_contract_on,
        max(ends_on) as last_contract_on,
        count(*) filter (where is_active) as active,
        count(*) filter (where is_active and has_notice and notice_on <= today()) as ending,
        max(ends_on) filter (where is_active and has_notice) as ends_on
    from (select *, coalesce(ends_on >= today(), true) as is_active from agreement)
    group by holder_id
)
select
    a.account_id,
    case
        when a.master_id is not null then 'merged'
        when a.is_gone then 'deleted'
        when s.holder_id is null and b.holder_id is null then 'prospect'
        when coalesce(s.active, 0) = 0 and coalesce(b.active, 0) = 0 then 'former'
        when s.active = s.ending and s.active > 0 or b.active = b.ending and b.active > 0
            and s.active > 0 then 'leaving'
        when least(first_service_on, first_contract_on) > today() - 90 then 'onboarding'
        else 'active'
    end as stage,
    case when stage = 'former' then greatest(s.last_service_on, b.last_contract_on) end as left_on,
    case when stage <> 'leaving' then null when s.active = s.ending then s.ends_on
        else b.ends_on end as leaves_on
from site as a
left join served as s on a.account_id = s.holder_id
left join bound as b on a.account_id = b.holder_id;

copy (
    select account_id, company_number as company_id, state, leaving_on, shows_signs, is_prospect,
        customer_since, notice_on as notice_given_on, stage as lifecycle_stage, left_on, leaves_on
    from site inner join standing using (account_id) order by account_id
) to '{directory}/truth/customer.parquet' (format parquet, compression snappy);

copy (
    select account_id, master_id as master_record_id, holder_id as survivor_id, merged_on,
        is_gone as is_survivor_deleted
    from site where master_id is not null order by account_id
) to '{directory}/truth/merger.parquet' (format parquet, compression snappy);

copy (
    select
        "Id" as invoice_id,
        case when "Type__c" = 'Credit Note' then 'Credit Note' else "Status__c" end as kind,
        "Balance__c" as balance,
        "Credited_Invoice__c" as credited_invoice_id,
        "Written_Off_Date__c" as written_off_on
    from "Invoice__c"
    where "Type__c" = 'Credit Note'
        or "Status__c" in ('Draft', 'Partially Paid', 'Disputed', 'Written Off', 'Void')
    order by invoice_id
) to '{directory}/truth/invoice.parquet' (format parquet, compression snappy);

-- `new_record_id` is the record that took the place of another.
copy (
    select 'account merged' as event, 'Account' as object, account_id as record_id,
        master_id as new_record_id, merged_on as happened_on, null as from_value, null as to_value
    from site where master_id is not null
    union all
    select 'account deleted', 'Account', account_id, null, binned_on, null, null
    from site where binned_on <= today()
    union all
    select 'account deleted', 'Account', account_id, null, dead_end_on, null, null
    from site where dead_end_on <= today() and member = 0
    union all
    select 'account undeleted', 'Account', account_id, null, restored_on, null, null
    from site where binned_on is not null and restored_on <= today()
    union all
    select 'owner changed', 'Account', account_id, null, owner_changed_on,
        owner_of(company_number), owner_of(account_number + 900000000)
    from site where owner_changed_on <= today()
    union all
    select 'parent changed', 'Account', account_id, null, parent_changed_on,
        parent_of(account_number, member, head_id, false),
        parent_of(account_number, member, head_id, true)
    from site where parent_changed_on <= today()
    union all
    select 'service ' || change, 'Asset', salesforce_id('02i', service_number + 1),
        salesforce_id('02i', new_number + 1), begins_on, null, null
    from changed_line where begins_on <= today()
    union all
    select 'service moved', 'Asset', salesforce_id('02i', service_number + 1),
        case when not is_same_asset then salesforce_id('02i', new_number + 1) end,
        if(is_same_asset, moved_on, moved_on + 1), account_id,
        salesforce_id('001', new_account_number + 1)
    from moved_line where if(is_same_asset, moved_on, moved_on + 1) <= today()
    order by event, record_id, happened_on
) to '{directory}/truth/event.parquet' (format parquet, compression snappy);
