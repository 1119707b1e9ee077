{{ config(materialized='view') }}

-- Contacts: the newest is the measure; the year before it is context.
{%- for measure in ['days_since_last_contact', 'meetings_180d', 'qbrs_180d'] %}
    select
        scored_date.as_of,
        '{{ measure }}' as measure,
        interaction.account_id,
        interaction.source_object,
        interaction.interaction_id as source_id,
        coalesce(interaction.subject, interaction.interaction_type) as source_name,
        cast(interaction.occurred_at as date) as happened_on,
        {% if measure == 'days_since_last_contact' -%}
            cast(
                {{ days_between('cast(interaction.occurred_at as date)', 'scored_date.as_of') }}
                as double
            ) as value,
        {%- else -%}
            cast(1 as double) as value,
        {%- endif %}
        interaction.interaction_type as detail
    from {{ within_file('core_scored_date') }} as scored_date
    inner join {{ within_file('silver_interaction') }} as interaction
        on
            scored_date.as_of >= cast(interaction.created_at as date)
            and scored_date.as_of >= cast(interaction.occurred_at as date)
    where
        interaction.is_completed
        {%- if measure != 'days_since_last_contact' %}
            and interaction.source_object = 'Event'
            and cast(interaction.occurred_at as date)
            > {{ add_days('scored_date.as_of', -180) }}
        {%- endif %}
        {%- if measure == 'qbrs_180d' %}
            and interaction.interaction_type = 'QBR'
        {%- endif %}
    {{ 'union all' if not loop.last }}
{%- endfor %}
