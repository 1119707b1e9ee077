"""Registers the project's Python functions in a Spark session, as Arrow functions."""

import unicodedata
from typing import Any

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.functions import arrow_udf

from warehouse.functions import arrow

KEYS = "struct<strict_key: string, loose_key: string>"
SCORE = "struct<similarity: float, evidence: float>"
MEMBERS = "array<struct<member: bigint, master: bigint>>"


def _strip_accents(text: str) -> str:
    """Reduce letters to their base letters, as DuckDB's own function does."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _of_known(function: Any, column: "pa.Array[Any]") -> Any:
    """Apply a function to the rows without a null; the others are null, as DuckDB answers."""
    known = pa.array([row for row in range(len(column)) if column[row].is_valid], pa.int64())
    answers = function(column.take(known))
    place = {row: number for number, row in enumerate(known.to_pylist())}
    return answers.take(pa.array([place.get(row) for row in range(len(column))], pa.int64()))


class _Chunked:
    """An array as DuckDB hands it over."""

    def __init__(self, array: "pa.Array[Any]") -> None:
        self._array = array

    def combine_chunks(self) -> "pa.Array[Any]":
        """Return the values as one array."""
        return self._array


def register(session: SparkSession) -> None:
    """Register every function that the models call, under the name that DuckDB knows it by."""

    def strip_accents(texts: pa.Array) -> pa.Array:
        return _of_known(
            lambda known: pa.array([_strip_accents(text) for text in known.to_pylist()], "string"),
            texts,
        )

    def company_keys(names: pa.Array) -> pa.Array:
        return _of_known(arrow.company_keys, names)

    def company_similarity(
        names_1: pa.Array, rarity_1: pa.Array, names_2: pa.Array, rarity_2: pa.Array, bits: pa.Array
    ) -> pa.Array:
        return arrow.company_similarity(
            *(_Chunked(column) for column in (names_1, rarity_1, names_2, rarity_2, bits))
        )

    def link_components(first: pa.Array, second: pa.Array) -> pa.Array:
        return arrow.link_components(_Chunked(first), _Chunked(second))

    def master_members(
        first: pa.Array, second: pa.Array, blocked_1: pa.Array, blocked_2: pa.Array
    ) -> pa.Array:
        return arrow.master_members(first, second, blocked_1, blocked_2)

    def bridge_count(first: pa.Array, second: pa.Array) -> pa.Array:
        return arrow.bridge_count(first, second)

    for function, result in (
        (strip_accents, "string"),
        (company_keys, KEYS),
        (company_similarity, SCORE),
        (link_components, MEMBERS),
        (master_members, MEMBERS),
        (bridge_count, "bigint"),
    ):
        session.udf.register(function.__name__, arrow_udf(function, result))
