"""From an object's describe to the columns that are read and their Arrow types."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import pyarrow as pa

from extract.manifest import ColumnEntry

# The parts of these are fields of their own.
COMPOUND_TYPES = frozenset({"address", "location"})
BINARY_TYPES = frozenset({"base64"})
DECIMAL_TYPES = frozenset({"currency", "double", "percent"})
LARGEST_PRECISION = 38
PLAIN_TYPES = {
    "boolean": pa.bool_(),
    "int": pa.int64(),
    "long": pa.int64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}
CURSOR_FIELDS = ("SystemModstamp", "LastModifiedDate", "CreatedDate")
METADATA_FIELDS = (
    pa.field("_extracted_at", pa.timestamp("us", tz="UTC"), nullable=False),
    pa.field("_source_system", pa.string(), nullable=False),
    pa.field("_batch_id", pa.string(), nullable=False),
)
# Salesforce refuses longer request lines (414), headers included.
LONGEST_ENCODED_QUERY = 12_000


@dataclass(frozen=True, slots=True)
class Column:
    """One extracted field: API name, Salesforce type, Arrow type, and whether it is computed."""

    name: str
    source_type: str
    arrow_type: pa.DataType
    calculated: bool = False

    def entry(self) -> ColumnEntry:
        """The manifest's entry of this column."""
        return ColumnEntry(
            name=self.name,
            type=str(self.arrow_type),
            source_type=self.source_type,
            calculated=self.calculated,
        )


@dataclass(frozen=True, slots=True)
class ObjectSchema:
    """The columns of one object, in the org's order."""

    object_name: str
    columns: tuple[Column, ...]
    lists_deletes: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The API names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def cursor(self) -> str | None:
        """The field that orders versions in time, or None when the object has none."""
        names = set(self.names)
        return next((name for name in CURSOR_FIELDS if name in names), None)

    @property
    def has_deletes(self) -> bool:
        """Whether soft-deleted rows can be told apart."""
        return "IsDeleted" in self.names

    @property
    def has_calculated(self) -> bool:
        """Whether fields can change without touching the cursor."""
        return any(column.calculated for column in self.columns)

    @property
    def arrow_types(self) -> dict[str, pa.DataType]:
        """The Arrow type by column name."""
        return {column.name: column.arrow_type for column in self.columns}

    def select(self, where: str = "", names: Iterable[str] | None = None) -> str:
        """The SOQL query for these columns (all when None)."""
        return f"SELECT {', '.join(names or self.names)} FROM {self.object_name}{where}"


def arrow_type(field: dict[str, Any]) -> pa.DataType:
    """The Arrow type of a described field: exact where Salesforce is, text otherwise."""
    kind = str(field["type"])
    if kind in DECIMAL_TYPES:
        precision, scale = int(field.get("precision") or 0), int(field.get("scale") or 0)
        if 0 < precision <= LARGEST_PRECISION and scale <= precision:
            return pa.decimal128(precision, scale)
        return pa.float64()
    return PLAIN_TYPES.get(kind, pa.string())


def read_describe(describe: dict[str, Any], exclude: frozenset[str] = frozenset()) -> ObjectSchema:
    """The extractable columns of a described object: no blobs, no compound fields.

    A Name field on people is a compound of type string, and comes with its parts: it is kept.
    """
    columns = []
    for field in describe["fields"]:
        if field["type"] in COMPOUND_TYPES | BINARY_TYPES or field["name"] in exclude:
            continue
        columns.append(
            Column(
                name=str(field["name"]),
                source_type=str(field["type"]),
                arrow_type=arrow_type(field),
                calculated=bool(field.get("calculated", False)),
            )
        )
    return ObjectSchema(
        str(describe["name"]), tuple(columns), lists_deletes=bool(describe.get("replicateable"))
    )


def field_chunks(schema: ObjectSchema, where: str = "") -> list[list[str]]:
    """Split the columns so that each REST query stays below the longest request line.

    Each chunk begins with Id, by which the parts are joined again.
    """
    fixed = len(quote_plus(schema.select(where, ["Id"])))
    chunks: list[list[str]] = [["Id"]]
    length = fixed
    for name in schema.names:
        if name == "Id":
            continue
        added = len(quote_plus(f", {name}"))
        if length + added > LONGEST_ENCODED_QUERY and len(chunks[-1]) > 1:
            chunks.append(["Id"])
            length = fixed
        chunks[-1].append(name)
        length += added
    return chunks
