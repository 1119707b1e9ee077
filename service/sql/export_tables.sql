select
    table_name,
    list(column_name order by column_index) as columns,
    list(data_type order by column_index) as types
from duckdb_columns()
where
    database_name = 'warehouse'
    and schema_name = 'gold'
    and not starts_with(table_name, 'serving_')
group by table_name
order by table_name
