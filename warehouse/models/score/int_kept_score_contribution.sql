{{ config(materialized='view') }}

{{ kept_rows('gold_score_contribution') }}
