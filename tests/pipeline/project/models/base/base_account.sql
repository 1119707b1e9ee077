select *
from read_parquet('{{ env_var("CUSTOMER360_DATA") }}/bronze/account/bronze_account_*.parquet')
