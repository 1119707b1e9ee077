with contact as (

    select * from {{ ref('silver_contact') }}
    where account_id is not null

),

account_name as (

    select
        account_id,
        loose_key
    from {{ ref('int_account_name') }}

),

point as (

    select
        account_id,
        email as contact_point
    from contact
    union
    select
        account_id,
        phone as contact_point
    from contact
    union
    select
        account_id,
        mobile_phone as contact_point
    from contact

),

named as (

    select
        point.account_id,
        point.contact_point,
        account_name.loose_key
    from point
    inner join account_name on point.account_id = account_name.account_id
    where
        point.contact_point is not null
        and split_part(point.contact_point, '@', 2) not in (
            select free_mail.domain from {{ ref('free_mail_domain') }} as free_mail
        )
        and split_part(point.contact_point, '@', 1) not in (
            select mailbox.local_part from {{ ref('role_mailbox') }} as mailbox
        )

),

spread as (

    select contact_point
    from named
    group by contact_point
    having count(distinct account_id) > 1 and count(distinct loose_key) <= 3

)

select
    named.account_id,
    named.contact_point
from named
inner join spread on named.contact_point = spread.contact_point
