select
    opportunity.opportunity_name,
    opportunity.opportunity_type,
    opportunity.stage_name,
    opportunity.close_date,
    opportunity.is_won,
    opportunity.amount,
    opportunity.currency_code,
    opportunity.deal_value_usd,
    opportunity.win_probability,
    account.account_name
from silver.opportunity as opportunity
inner join gold.customer_account as bridge on opportunity.account_id = bridge.account_id
inner join silver.account as account on opportunity.account_id = account.account_id
where
    bridge.customer_id = $customer_id
    and cast(opportunity.created_at as date) <= $as_of
    and case
        when $measure in ('pipeline_usd', 'weighted_pipeline_usd')
            then not opportunity.is_closed or opportunity.close_date > $as_of
        else
            opportunity.is_closed
            and opportunity.close_date <= $as_of
            and opportunity.close_date > $as_of - interval 24 month
            and ($measure = 'win_rate' or opportunity.opportunity_type = 'Renewal')
    end
order by opportunity.close_date desc, opportunity.opportunity_id
limit $row_limit
