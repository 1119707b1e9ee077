{{ config(materialized='view') }}

{%- set known_case %}
    from {{ within_file('core_scored_date') }} as scored_date
    inner join {{ within_file('silver_case') }} as cases
        on scored_date.as_of >= cast(cases.created_at as date)
{%- endset -%}
{%- set case_columns %}
        cases.account_id,
        'Case' as source_object,
        cases.case_id as source_id,
        cases.case_number as source_name
{%- endset -%}
{%- set case_closed_on -%}
    cast(coalesce(cases.closed_at, case when cases.is_closed then cases.last_modified_at end) as date)
{%- endset -%}

-- Cases opened: the change compares the last 90 days (1) with the 90 before (-1).
{%- for measure in [
    'cases_per_service_90d', 'cases_change_90d', 'high_severity_share_90d', 'sla_breaches_90d',
] %}
    select
        scored_date.as_of,
        '{{ measure }}' as measure,
        {{ case_columns }},
        cast(cases.created_at as date) as happened_on,
        {% if measure == 'high_severity_share_90d' -%}
            case when cases.priority in ('High', 'Critical') then 1.0 else 0.0 end as value,
        {%- elif measure == 'cases_change_90d' -%}
            case
                when
                    cast(cases.created_at as date) > {{ add_days('scored_date.as_of', -90) }}
                    then 1.0
                else -1.0
            end as value,
        {%- else -%}
            1.0 as value,
        {%- endif %}
        coalesce(cases.priority, 'No') || ' priority: ' || coalesce(cases.subject, 'no subject')
            as detail
    {{ known_case }}
    where
        cast(cases.created_at as date)
        > {{ add_days('scored_date.as_of', -180 if measure == 'cases_change_90d' else -90) }}
        {%- if measure == 'sla_breaches_90d' %}
            and cases.is_sla_breached
        {%- endif %}
    union all
{%- endfor %}
{%- for measure in ['open_cases', 'escalated_open_cases'] %}
    select
        scored_date.as_of,
        '{{ measure }}' as measure,
        {{ case_columns }},
        cast(cases.created_at as date) as happened_on,
        1.0 as value,
        coalesce(cases.priority, 'No') || ' priority: ' || coalesce(cases.subject, 'no subject')
            as detail
    {{ known_case }}
    where
        coalesce({{ case_closed_on }} > scored_date.as_of, true)
        {%- if measure == 'escalated_open_cases' %}
            and cases.is_escalated
        {%- endif %}
    union all
{%- endfor %}
select
    scored_date.as_of,
    'mean_resolution_hours_180d' as measure,
    {{ case_columns }},
    cast(cases.closed_at as date) as happened_on,
    {{ hours_between('cases.created_at', 'cases.closed_at') }} as value,
    'closed on ' || cast(cast(cases.closed_at as date) as string) as detail
{{ known_case }}
where
    cast(cases.closed_at as date) <= scored_date.as_of
    and cast(cases.closed_at as date) > {{ add_days('scored_date.as_of', -180) }}
