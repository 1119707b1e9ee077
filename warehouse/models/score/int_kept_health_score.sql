{{ config(materialized='view') }}

{{ kept_rows('gold_health_score') }}
