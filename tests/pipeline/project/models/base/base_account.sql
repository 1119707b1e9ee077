select
    id,
    name,
    mrr
from read_parquet('{{ bronze_directory() }}/account/bronze_account_*.parquet')
