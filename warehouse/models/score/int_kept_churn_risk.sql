{{ config(materialized='view') }}

{{ kept_rows('gold_churn_risk') }}
