{{ config(materialized='view') }}

{{ open_invoices(within_file('silver_invoice'), within_file('core_scored_date')) }}
