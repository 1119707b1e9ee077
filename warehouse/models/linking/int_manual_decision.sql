-- What was decided about an account that was merged away holds for its survivor.
with decision as (

    select
        {{ surviving_account_id('decision.account_id_1') }} as account_id_1,
        {{ surviving_account_id('decision.account_id_2') }} as account_id_2,
        decision.decision,
        decision.comment
    from {{ ref('manual_account_link') }} as decision

),

account as (

    select
        account_id,
        account_number
    from {{ ref('int_account_name') }}

),

-- An id may be typed in its 15-character form: the first 15 characters identify an account.
resolved as (

    select
        least(account_1.account_number, account_2.account_number) as account_number_1,
        greatest(account_1.account_number, account_2.account_number) as account_number_2,
        decision.decision,
        decision.comment
    from decision
    inner join account as account_1
        on substr(decision.account_id_1, 1, 15) = substr(account_1.account_id, 1, 15)
    inner join account as account_2
        on substr(decision.account_id_2, 1, 15) = substr(account_2.account_id, 1, 15)
    where account_1.account_id <> account_2.account_id

)

select
    account_number_1,
    account_number_2,
    -- Where a pair was decided twice, never outranks link.
    max(decision) as decision,
    {{ text_list('comment', 'comment', '; ') }} as decision_comment
from resolved
group by account_number_1, account_number_2
