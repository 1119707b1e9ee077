{{ config(materialized='view') }}

{{ kept_rows('gold_customer_360_metrics') }}
