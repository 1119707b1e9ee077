select
    interaction.occurred_at,
    interaction.interaction_type,
    interaction.subject,
    interaction.source_object,
    account.account_name
from silver.interaction as interaction
inner join gold.customer_account as bridge on interaction.account_id = bridge.account_id
inner join silver.account as account on interaction.account_id = account.account_id
where
    bridge.customer_id = $customer_id
    and interaction.is_completed
    and cast(interaction.occurred_at as date) <= $as_of
    and cast(interaction.created_at as date) <= $as_of
    and (
        $measure = 'days_since_last_contact'
        or (
            cast(interaction.occurred_at as date) > $as_of - interval 180 day
            and interaction.source_object = 'Event'
            and ($measure = 'meetings_180d' or interaction.interaction_type = 'QBR')
        )
    )
order by interaction.occurred_at desc, interaction.interaction_id
limit $row_limit
