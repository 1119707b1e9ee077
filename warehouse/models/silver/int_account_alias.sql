-- A survivor may be merged away itself, again and again: each step goes twice as far along a chain.
{%- set steps = 5 %}
with merged as (

    select
        {{ salesforce_id('account_id') }} as account_id,
        {{ salesforce_id('master_record_id') }} as surviving_account_id,
        cast({{ to_timestamp('last_modified_at') }} as date) as merged_on,
        row_number() over (
            partition by left(account_id, 15)
            order by extracted_at desc, system_modstamp desc
        ) as version_number
    from {{ ref('base_account') }}
    where master_record_id is not null

),

-- Once it is purged, all that is known of an account is that it is deleted.
step_0 as (

    select
        merged.account_id,
        merged.surviving_account_id,
        merged.merged_on
    from merged
    inner join {{ newest_version(ref('base_account'), 'account_id', deleted=true) }} as deleted
        on merged.account_id = {{ salesforce_id('deleted.account_id') }}
    where merged.version_number = 1

),

{%- for step in range(1, steps + 1) %}

    step_{{ step }} as (

        select
            step.account_id,
            coalesce(further.surviving_account_id, step.surviving_account_id)
                as surviving_account_id,
            step.merged_on
        from step_{{ step - 1 }} as step
        left join step_{{ step - 1 }} as further
            on step.surviving_account_id = further.account_id

    ),
{%- endfor %}

living as (

    select {{ salesforce_id('account.account_id') }} as account_id
    from {{ newest_version(ref('base_account'), 'account_id') }} as account

)

-- A chain that ends in a deleted account, or that never ends, has no survivor.
select
    step.account_id,
    step.surviving_account_id,
    step.merged_on
from step_{{ steps }} as step
inner join living on step.surviving_account_id = living.account_id
