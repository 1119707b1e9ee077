{{ config(indexes=[{'columns': ['customer_id'], 'unique': true}]) }}

{%- set metrics = metric_units().keys() | list + ['revenue_share', 'clv_predicted_usd'] -%}
{#- Name in the document, score, label and coverage of the two scores. -#}
{%- set scores = [
    ('health', 'health_score', 'health_category', 'health_coverage'),
    ('churn', 'churn_risk_score', 'churn_risk_level', 'churn_risk_coverage'),
] -%}

with customer as (

    select * from {{ ref('serving_customer') }}

),

account as (

    select
        account.account_id,
        account.account_name,
        account.region,
        account.country_code,
        account.industry,
        account.website,
        account.parent_account_id,
        customer.mrr_usd,
        customer.health_score,
        customer.health_category
    from {{ ref('silver_account') }} as account
    inner join customer on account.account_id = customer.customer_id

),

-- An account is shown among the accounts of its master, a master among its own.
family as (

    select
        customer_id,
        coalesce(master_account_id, customer_id) as family_id
    from customer

),

end_of_link as (

    select
        account_id_1 as account_id,
        method,
        confidence,
        similarity,
        evidence
    from {{ ref('gold_account_link') }}
    union all
    select
        account_id_2 as account_id,
        method,
        confidence,
        similarity,
        evidence
    from {{ ref('gold_account_link') }}

),

strongest_link as (

    select
        account_id,
        arg_max(
            struct_pack(
                method := method,
                confidence := confidence,
                similarity := similarity,
                evidence := evidence
            ),
            -- Of equally strong links the same one every time.
            row(confidence, similarity, evidence)
        ) as link
    from end_of_link
    group by account_id

),

family_member as (

    select
        bridge.customer_id as family_id,
        list(
            struct_pack(
                account_id := account.account_id,
                account_name := account.account_name,
                region := account.region,
                country_code := account.country_code,
                mrr_usd := account.mrr_usd,
                health_score := account.health_score,
                health_category := account.health_category,
                link := strongest_link.link
            )
            order by account.mrr_usd desc nulls last, account.account_id asc
        ) as accounts,
        min(account.industry) as industry,
        min(account.website) as website
    from {{ ref('core_customer_account') }} as bridge
    inner join account on bridge.account_id = account.account_id
    left join strongest_link on account.account_id = strongest_link.account_id
    group by bridge.customer_id

),

worst_member as (

    select
        worst_member.master_account_id,
        struct_pack(
            customer_id := account.account_id,
            customer_name := account.account_name,
            region := account.region,
            health_score := account.health_score
        ) as worst_member
    from {{ ref('gold_worst_member') }} as worst_member
    inner join customer
        on
            worst_member.master_account_id = customer.customer_id
            and worst_member.as_of = customer.as_of
    inner join account on worst_member.account_id = account.account_id
    where worst_member.score = 'health_score'

),

child as (

    select
        parent_account_id as customer_id,
        list(
            struct_pack(
                customer_id := account_id,
                customer_name := account_name,
                region := region
            )
            order by account_name, account_id
        )[:100] as children
    from account
    where parent_account_id is not null
    group by parent_account_id

),

contact as (

    select
        bridge.customer_id,
        list(
            struct_pack(
                contact_id := contact.contact_id,
                account_id := contact.account_id,
                region := account.region,
                full_name := contact.full_name,
                title := contact.title,
                email := contact.email,
                phone := coalesce(contact.phone, contact.mobile_phone)
            )
            order by contact.full_name nulls last, contact.contact_id
        )[:100] as contacts
    from {{ ref('core_customer_account') }} as bridge
    inner join account on bridge.account_id = account.account_id
    inner join {{ ref('silver_contact') }} as contact on bridge.account_id = contact.account_id
    group by bridge.customer_id

),

component as (

    select
        customer_id,
        score,
        list(
            struct_pack(
                component := component,
                weight := weight,
                points := points,
                contribution := contribution
            )
            order by component
        ) as components
    from (
        select
            customer_id,
            score,
            component,
            -- Exactly, so that a rebuild gives the same text to its last digit.
            {{ exact_sum('weight', 12) }} as weight,
            {{ exact_sum('weight * points', 12) }}
            / nullif({{ exact_sum('weight', 12) }}, 0) as points,
            {{ exact_sum('contribution', 12) }} as contribution
        from {{ ref('serving_contribution') }}
        where is_current
        group by customer_id, score, component
    ) as component_points
    group by customer_id, score

),

alert as (

    select
        customer_id,
        list(
            struct_pack(
                alert_id := alert_id,
                alert_code := alert_code,
                alert_type := alert_type,
                severity := severity,
                metric := metric,
                value := value,
                threshold := threshold,
                message := message,
                stake_usd := cast(stake_usd as double),
                customer_stake_usd := cast(customer_stake_usd as double),
                is_small := is_small,
                opened_on := opened_on
            )
            order by
                case severity when 'HIGH' then 1 when 'MEDIUM' then 2 else 3 end, alert_code
        ) as alerts
    from {{ ref('gold_risk_alerts') }}
    group by customer_id

),

recommendation as (

    select
        customer_id,
        list(
            struct_pack(
                recommendation_id := recommendation_id,
                rule_id := rule_id,
                priority := priority,
                category := category,
                action := action,
                title := title,
                expected_outcome := expected_outcome,
                estimated_impact_usd := cast(estimated_impact_usd as double),
                rank := rank,
                fired_on := fired_on,
                cooldown_days := cooldown_days
            )
            order by rank
        ) as recommendations
    from {{ ref('gold_recommendations') }}
    group by customer_id

),

-- One date for all: a constant to compare with reads a few row groups, a join reads all history.
previous as (

    select *
    from {{ ref('gold_customer_360_metrics') }}
    where as_of = (select max(customer.previous_as_of) from customer)

)

select
    customer.customer_id,
    cast(
        to_json(
            struct_pack(
                customer_id := customer.customer_id,
                customer_name := customer.customer_name,
                customer_kind := customer.customer_kind,
                region := customer.region,
                country_code := customer.country_code,
                segment := customer.segment,
                industry := own_family.industry,
                owner_name := customer.owner_name,
                website := own_family.website,
                customer_since := newest.customer_since,
                contract_end_date := newest.contract_end_date,
                lifecycle_stage := newest.lifecycle_stage,
                left_on := newest.left_on,
                leaves_on := newest.leaves_on,
                lost_mrr_usd := customer.lost_mrr_usd,
                mrr_source := newest.mrr_source,
                revenue_source := newest.revenue_source,
                regions := customer.regions,
                master_regions := customer.master_regions,
                master := case
                    when customer.master_account_id is not null
                        then struct_pack(
                            customer_id := master.customer_id,
                            customer_name := master.customer_name,
                            region := master.region
                        )
                end,
                parent := case
                    when parent_account.account_id is not null
                        then struct_pack(
                            customer_id := parent_account.account_id,
                            customer_name := parent_account.account_name,
                            region := parent_account.region
                        )
                end,
                children := coalesce(child.children, []),
                worst_member := worst_member.worst_member,
                accounts := family_member.accounts,
                contacts := coalesce(contact.contacts, []),
                metrics := [
                    {%- for metric in metrics %}
                        struct_pack(
                            metric := '{{ metric }}',
                            value := cast(newest.{{ metric }} as double),
                            previous_value := cast(previous.{{ metric }} as double),
                            previous_as_of := previous.as_of
                        )
                        {{- ',' if not loop.last }}
                    {%- endfor %}
                ],
                {%- for name, score, label, coverage in scores %}
                    {{ name }} := struct_pack(
                        score := '{{ score }}',
                        value := newest.{{ score }},
                        label := newest.{{ label }},
                        previous_value := previous.{{ score }},
                        previous_as_of := previous.as_of,
                        coverage := newest.{{ coverage }},
                        components := coalesce({{ name }}_component.components, [])
                    ),
                {%- endfor %}
                alerts := coalesce(alert.alerts, []),
                recommendations := coalesce(recommendation.recommendations, []),
                as_of := customer.as_of,
                previous_as_of := customer.previous_as_of
            )
        ) as string
    ) as document
from customer
inner join family on customer.customer_id = family.customer_id
inner join family_member on family.family_id = family_member.family_id
inner join family_member as own_family on customer.customer_id = own_family.family_id
left join {{ ref('gold_customer_360_current') }} as newest
    on customer.customer_id = newest.customer_id
left join previous on customer.customer_id = previous.customer_id
left join customer as master on customer.master_account_id = master.customer_id
left join account as own_account on customer.customer_id = own_account.account_id
left join account as parent_account on own_account.parent_account_id = parent_account.account_id
left join worst_member on customer.customer_id = worst_member.master_account_id
left join child on customer.customer_id = child.customer_id
left join contact on customer.customer_id = contact.customer_id
left join alert on customer.customer_id = alert.customer_id
left join recommendation on customer.customer_id = recommendation.customer_id
{%- for name, score, label, coverage in scores %}
    left join component as {{ name }}_component
        on
            customer.customer_id = {{ name }}_component.customer_id
            and {{ name }}_component.score = '{{ score }}'
{%- endfor %}
order by customer.customer_id
