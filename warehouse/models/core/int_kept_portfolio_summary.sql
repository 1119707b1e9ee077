{{ config(materialized='view') }}

{{ kept_rows('gold_portfolio_summary') }}
