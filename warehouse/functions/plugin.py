"""Registers the project's Python functions on every DuckDB connection that dbt opens."""

from collections.abc import Callable
from typing import Protocol

import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection
from duckdb.func import ARROW
from duckdb.sqltypes import FLOAT, VARCHAR

from warehouse.functions import company_name, similarity


class Strings(Protocol):
    """An Arrow array of strings: a batch of at most 2048 values, none of them null.

    DuckDB answers null for a null argument itself. It also evaluates the annotations of what it
    registers, so they have to exist at run time.
    """

    def to_pylist(self) -> list[str]:
        """Return the values."""


def _over_names(key: Callable[[str], str]) -> Callable[[Strings], pa.StringArray]:
    """Arrow form of a function of one name."""

    def keys(names: Strings) -> pa.StringArray:
        return pa.array([key(name) for name in names.to_pylist()], pa.string())

    return keys


def _similarity(first: Strings, second: Strings) -> pa.FloatArray:
    """Arrow form of `similarity.similarity`, float32 0 to 100."""
    return pa.array(similarity.similarity(first.to_pylist(), second.to_pylist()), pa.float32())


def register(connection: DuckDBPyConnection) -> None:
    """Register every function of the project on a DuckDB connection."""
    for name, key in (
        ("company_strict_key", company_name.strict_key),
        ("company_loose_key", company_name.loose_key),
    ):
        connection.create_function(name, _over_names(key), [VARCHAR], VARCHAR, type=ARROW)
    connection.create_function(
        "company_similarity", _similarity, [VARCHAR, VARCHAR], FLOAT, type=ARROW
    )


class Plugin(BasePlugin):
    """dbt-duckdb plugin: the functions are there in every model of the project."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions; called once for each database connection."""
        register(conn)
