{%- set file = bronze_manifest().objects.Account.files[0].path if execute -%}
select
    id,
    name,
    mrr
from {{ parquet_files([bronze_directory() ~ '/' ~ file]) }}
