"""Registers the project's Python functions on every DuckDB connection that dbt opens."""

from typing import TYPE_CHECKING, Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection
from duckdb.func import ARROW
from duckdb.sqltypes import BIGINT, DOUBLE, FLOAT, VARCHAR, DuckDBPyType

from warehouse.functions import arrow
from warehouse.functions.workers import Workers, on_all_cores

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = duckdb.struct_type({"strict_key": VARCHAR, "loose_key": VARCHAR})
SCORE = duckdb.struct_type({"similarity": FLOAT, "evidence": FLOAT})
MEMBERS = duckdb.list_type(duckdb.struct_type({"member": BIGINT, "master": BIGINT}))


def register(connection: DuckDBPyConnection) -> None:
    """Register every function of the project on a DuckDB connection.

    A second connection to the same open database finds them there and is left as it is.
    """
    known = connection.execute(
        "select 1 from duckdb_functions() where function_name = 'company_keys'"
    )
    if known.fetchall():
        return
    rarities = duckdb.list_type(FLOAT)
    numbers = duckdb.list_type(BIGINT)
    functions: list[tuple[str, Callable[..., Any], list[Any], DuckDBPyType]] = [
        ("company_keys", arrow.company_keys, [VARCHAR], KEYS),
        (
            "company_similarity",
            arrow.company_similarity,
            [VARCHAR, rarities, VARCHAR, rarities, DOUBLE],
            SCORE,
        ),
        ("link_components", arrow.link_components, [numbers] * 2, MEMBERS),
        ("master_members", arrow.master_members, [numbers] * 4, MEMBERS),
        ("bridge_count", arrow.bridge_count, [numbers] * 2, BIGINT),
    ]
    workers = Workers()
    for name, function, arguments, result in functions:
        spread = on_all_cores(function, workers)
        connection.create_function(name, spread, arguments, result, type=ARROW)


class Plugin(BasePlugin):
    """dbt-duckdb plugin: the functions are there in every model of the project."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions; called once for each database connection."""
        register(conn)
