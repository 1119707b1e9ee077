"""Judge a built candidate against the published build, and remove what is not for users."""

from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.runner.errors import PublishBlockedError, WarehouseError

PUBLISHED_SCHEMAS = ("silver", "gold", "ops", "seeds")
REQUIRED_TABLES = ("gold.customer", "gold.risk_alerts", "gold.recommendations")
# Below this many rows a share says nothing: one of three rows is 33 %.
SMALLEST_GUARDED_TABLE = 100
# Above this many rows the distinct values of a table are not counted: at 200,000 accounts that
# takes three quarters of the whole audit, most of it for two tables of history.
LARGEST_COUNTED_TABLE = 10_000_000


@dataclass(frozen=True)
class DropLimits:
    """The largest share of rows or revenue that a build may lose against the published one."""

    rows: float
    revenue: float


def tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, list[tuple[str, str]]]:
    """Return the tables that a catalog publishes, each with its (column, type) pairs."""
    rows = connection.execute(
        """
        select columns.schema_name, columns.table_name, columns.column_name, columns.data_type
        from duckdb_columns() as columns
        inner join duckdb_tables() as tables
            on columns.table_oid = tables.table_oid
            and columns.database_name = tables.database_name
            and columns.schema_name = tables.schema_name
        where columns.database_name = $catalog and columns.schema_name in $schemas
        order by columns.schema_name, columns.table_name, columns.column_index
        """,
        {"catalog": catalog, "schemas": list(PUBLISHED_SCHEMAS)},
    ).fetchall()
    found: dict[str, list[tuple[str, str]]] = {}
    for schema, table, column, data_type in rows:
        found.setdefault(f"{schema}.{table}", []).append((column, data_type))
    return found


def profile(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[dict[str, Any]]:
    """Return one row per column of each silver and gold table: rows, nulls, distinct, extremes.

    Extremes are taken of numbers, dates and times only: of text they would copy personal data.
    Distinct counts are DuckDB's approximate ones (HyperLogLog); null for tables of more than
    `LARGEST_COUNTED_TABLE` rows.
    """
    rows = []
    for name, columns in tables(connection, catalog).items():
        schema, table = name.split(".", 1)
        if schema not in ("silver", "gold"):
            continue
        source = f'from "{catalog}"."{schema}"."{table}"'
        row_count = connection.execute(f"select count(*) {source}").fetchall()[0][0]
        is_counted = row_count <= LARGEST_COUNTED_TABLE
        terms = []
        for column, data_type in columns:
            quoted = '"' + column.replace('"', '""') + '"'
            is_ordered = (
                data_type.startswith(("DECIMAL", "DOUBLE", "FLOAT", "DATE", "TIMESTAMP"))
                or data_type.endswith("INT")
                or data_type == "INTEGER"
            )
            distinct = f"approx_count_distinct({quoted})" if is_counted else "null"
            terms += [f"count({quoted})", distinct]
            terms += (
                [f"min({quoted})::varchar", f"max({quoted})::varchar"]
                if is_ordered
                else ["null"] * 2
            )
        values = connection.execute(f"select {', '.join(terms)} {source}").fetchall()[0]
        for position, (column, data_type) in enumerate(columns):
            filled, distinct, least, greatest = values[4 * position : 4 * position + 4]
            rows.append(
                {
                    "schema_name": schema,
                    "table_name": table,
                    "column_name": column,
                    "data_type": data_type,
                    "row_count": row_count,
                    "null_count": row_count - filled,
                    # The estimate may exceed what is possible by its error of up to a fifth.
                    "approximate_distinct_count": min(distinct, filled) if is_counted else None,
                    "min_value": least,
                    "max_value": greatest,
                }
            )
    return rows


def row_counts(profiled: list[dict[str, Any]]) -> dict[str, int]:
    """Return the rows of each table of a profile, by `schema.table`."""
    return {f"{row['schema_name']}.{row['table_name']}": row["row_count"] for row in profiled}


def _revenue(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, float]:
    """Return the portfolio's revenue sums, over customers that are counted once."""
    columns = dict(tables(connection, catalog).get("gold.customer_360_current", []))
    sums = {}
    for metric in ("mrr_usd", "annual_revenue_usd"):
        if metric in columns:
            row = connection.execute(
                f"select coalesce(sum({metric}), 0)::double "
                f'from "{catalog}".gold.customer_360_current as current '
                f'inner join "{catalog}".gold.customer as customer using (customer_id) '
                "where customer.is_top_level"
            ).fetchall()[0]
            sums[metric] = row[0]
    return sums


def check_required_tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """Refuse a candidate that lacks a table users depend on.

    Raises:
        WarehouseError: a required table is missing.
    """
    missing = sorted(set(REQUIRED_TABLES) - set(tables(connection, catalog)))
    if missing:
        raise WarehouseError(
            f"The build made no {', '.join(missing)}: the dbt project is not whole. "
            "Nothing is published."
        )


def check_drops(
    connection: duckdb.DuckDBPyConnection,
    catalog: str,
    rows_now: dict[str, int],
    rows_before: dict[str, int],
    limits: DropLimits,
) -> None:
    """Compare rows and revenue with the published build, attached as `previous`.

    Guarded are the silver tables and gold.customer, whose rows come from the source one by one;
    how many alerts or issues there are may fall for good reasons.

    Raises:
        PublishBlockedError: something fell by more than its limit; the message lists all of it.
    """
    losses = []
    for name, before in sorted(rows_before.items()):
        is_guarded = name.startswith("silver.") or name == "gold.customer"
        now = rows_now.get(name, 0)
        if is_guarded and before >= SMALLEST_GUARDED_TABLE and now < before * (1 - limits.rows):
            losses.append(
                f"{name} fell from {before:,} to {now:,} rows ({now / before - 1:+.0%}, "
                f"limit -{limits.rows:.0%})"
            )
    revenue_now = _revenue(connection, catalog)
    for metric, before_usd in _revenue(connection, "previous").items():
        now_usd = revenue_now.get(metric, 0.0)
        if before_usd > 0 and now_usd < before_usd * (1 - limits.revenue):
            losses.append(
                f"{metric} of the portfolio fell from {before_usd:,.0f} to {now_usd:,.0f} "
                f"({now_usd / before_usd - 1:+.0%}, limit -{limits.revenue:.0%})"
            )
    if losses:
        raise PublishBlockedError(
            "The new build lost too much against the published one, which stays: "
            + "; ".join(losses)
            + ". If this is true of the business, publish it with "
            "`python -m warehouse build --accept-drops`."
        )


def remove_unpublished(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """Drop every schema that is not published: bronze views and intermediate tables."""
    schemas = connection.execute(
        "select schema_name from duckdb_schemas() "
        "where database_name = ? and not internal and schema_name <> 'main'",
        [catalog],
    ).fetchall()
    for (schema,) in schemas:
        if schema not in PUBLISHED_SCHEMAS:
            connection.execute(f'drop schema "{catalog}"."{schema}" cascade')


def check_views(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """Try every view as a reader would: another process, which opens the file by another name.

    Raises:
        WarehouseError: a view needs something that only the build had.
    """
    views = connection.execute(
        "select schema_name, view_name from duckdb_views() "
        "where database_name = ? and not internal",
        [catalog],
    ).fetchall()
    for schema, view in views:
        try:
            connection.execute(f'select * from "{schema}"."{view}" limit 0').fetchall()
        except duckdb.Error as error:
            raise WarehouseError(
                f"The view {schema}.{view} works only inside the build: "
                f"{str(error).splitlines()[0]}. Make it a table, or let it name only relations "
                "of published schemas, without a database."
            ) from error
