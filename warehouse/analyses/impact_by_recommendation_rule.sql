-- Question: which recommendation rule promises most?
-- Reading: the impact is an estimate (metric x factor of the rule), not what was earned. A rule
-- with a high mean and few customers is worth a call each; one with a low mean is worth a campaign.
select
    recommendation.rule_id,
    recommendation.title,
    recommendation.priority,
    count(*) as customers,
    sum(recommendation.estimated_impact_usd) as estimated_impact_usd,
    avg(recommendation.estimated_impact_usd) as mean_impact_usd
from {{ ref('gold_recommendations') }} as recommendation
inner join {{ ref('gold_customer') }} as customer
    on recommendation.customer_id = customer.customer_id
where customer.is_top_level
group by recommendation.rule_id, recommendation.title, recommendation.priority
order by estimated_impact_usd desc
