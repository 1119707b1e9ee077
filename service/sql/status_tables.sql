select
    schema_name,
    table_name,
    estimated_size as rows
from duckdb_tables()
where database_name = 'warehouse' and schema_name in ('silver', 'gold')
order by schema_name, table_name
