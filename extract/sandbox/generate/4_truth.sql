-- What really is so, for measuring: which accounts are one company, and who leaves when.
copy (
    select account_id, company_number as company_id from site order by account_id
) to '{directory}/truth/account.parquet' (format parquet, compression snappy);
copy (
    select account_id, company_number as company_id, state, leaving_on, shows_signs, is_prospect
    from site order by account_id
) to '{directory}/truth/customer.parquet' (format parquet, compression snappy);
