"""From Salesforce's CSV and JSON to typed Arrow batches, exactly and in bounded memory.

Numbers go from text to decimals, never through a float. Only the empty cell is null. What does
not fit its described type is widened where that is exact, and otherwise counted as rejected.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from extract.errors import IncompleteResultError
from extract.schema import LARGEST_PRECISION, METADATA_FIELDS, ObjectSchema

# A row must fit a block; text fields hold up to 131,072 characters.
BLOCK_BYTES = 1 << 20
LARGEST_BLOCK_BYTES = 256 << 20
REJECTED_EXAMPLES = 3
WIDER_SCALES = (18, 8, 0)


class DoesNotFitError(Exception):
    """A value does not fit its column's type; the page has to be read again with another."""

    def __init__(self, column: str) -> None:
        """Name the column."""
        super().__init__(column)
        self.column = column


class RowTooLongError(Exception):
    """A row is longer than a block: the page has to be read with larger blocks."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What every row of one extraction carries: when, from where, in which run."""

    batch_id: str
    source_system: str
    extracted_at: datetime


@dataclass(slots=True)
class Findings:
    """Values that could not be kept as they came, counted."""

    nul_bytes: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, other: "Findings") -> None:
        """Add the counts of another page."""
        self.nul_bytes += other.nul_bytes
        for name, count in other.rejected.items():
            self.reject(name, count, other.examples.get(name, []))

    def reject(self, name: str, count: int, ids: Iterable[str]) -> None:
        """Count values of a column that are kept as null, with the ids of some records."""
        self.rejected[name] = self.rejected.get(name, 0) + count
        known = self.examples.setdefault(name, [])
        known.extend(list(ids)[: REJECTED_EXAMPLES - len(known)])

    def message(self) -> str:
        """One sentence per finding, empty when there is none. Ids only, no field values."""
        parts = []
        if self.nul_bytes:
            parts.append(f"{self.nul_bytes} NUL bytes removed from text")
        for name, count in sorted(self.rejected.items()):
            ids = ", ".join(self.examples[name])
            parts.append(
                f"{count} values of {name} are unreadable and kept as null (Id {ids}, ...)"
            )
        return "; ".join(parts)


class CleanStream:
    """A readable byte stream without NUL bytes, which CSV parsers and Parquet readers trip over."""

    def __init__(self, source: IO[bytes]) -> None:
        """Wrap a stream that is read once, from front to back."""
        self.source = source
        self.nul_bytes = 0
        self.bytes_read = 0
        self.closed = False
        self._pushed_back = b""

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; empty only at the end."""
        pushed_back, self._pushed_back = self._pushed_back, b""
        while chunk := self.source.read(size - len(pushed_back) if size > 0 else size):
            self.bytes_read += len(chunk)
            if b"\0" in chunk:
                length = len(chunk)
                chunk = chunk.replace(b"\0", b"")
                self.nul_bytes += length - len(chunk)
            if chunk:
                return pushed_back + chunk if pushed_back else chunk
        return pushed_back

    def is_empty(self) -> bool:
        """Whether there is no byte at all; consumes nothing."""
        if not self._pushed_back:
            self._pushed_back = self.read(1)
        return not self._pushed_back

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Never."""
        return False

    def writable(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Mark as closed; the source belongs to the caller."""
        self.closed = True


class ColumnTypes:
    """The types one extraction reads its columns with, widened when values turn out not to fit.

    A misfit number column becomes decimal(38, 18), then decimal(38, 8), then decimal(38, 0); what
    is left, and any other misfit, is converted value by value, and the unreadable ones counted.
    """

    def __init__(self, schema: ObjectSchema) -> None:
        """Begin with the described types."""
        self.types = schema.arrow_types
        self.lenient: set[str] = set()

    def copy(self) -> "ColumnTypes":
        """These types as they are now; other threads may relax the original."""
        twin = object.__new__(ColumnTypes)
        twin.types, twin.lenient = dict(self.types), set(self.lenient)
        return twin

    def relax(self, column: str) -> None:
        """Take the next wider type of a column whose values did not fit."""
        kind = self.types[column]
        is_number = pa.types.is_decimal(kind) or pa.types.is_integer(kind)
        scales = [scale for scale in WIDER_SCALES if pa.decimal128(38, scale) != kind]
        if is_number and not pa.types.is_integer(kind) and kind.precision == LARGEST_PRECISION:
            scales = [scale for scale in WIDER_SCALES if scale < kind.scale]
        if is_number and scales:
            self.types[column] = pa.decimal128(LARGEST_PRECISION, scales[0])
        else:
            self.lenient.add(column)

    def convert(self, text: Mapping[str, pa.Array], findings: Findings) -> list[pa.Array]:
        """Convert text columns; raises DoesNotFitError for one that is not lenient yet."""
        ids = text.get("Id")
        arrays = []
        for name, kind in self.types.items():
            if name in self.lenient:
                arrays.append(_convert_leniently(text[name], kind, name, ids, findings))
                continue
            try:
                arrays.append(text[name].cast(kind))
            except pa.ArrowInvalid as error:
                raise DoesNotFitError(name) from error
        return arrays


def read_csv(
    stream: CleanStream,
    columns: ColumnTypes,
    findings: Findings,
    *,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[pa.RecordBatch]:
    """Parse Bulk 2.0 CSV to batches with the given columns, in their order.

    Raises DoesNotFitError when a value does not fit its column, RowTooLongError when a row exceeds
    `block_bytes`, IncompleteResultError when the text is cut off or the columns are others.
    """
    if stream.is_empty():
        return
    names = list(columns.types)
    read_types = columns.types | dict.fromkeys(columns.lenient, pa.binary())
    header: list[str] = []
    try:
        reader = csv.open_csv(
            stream,
            read_options=csv.ReadOptions(block_size=block_bytes),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=read_types,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                true_values=["true"],
                false_values=["false"],
            ),
        )
        header = reader.schema.names
        if sorted(header) != sorted(names):
            different = ", ".join(sorted(set(header) ^ set(names))[:5])
            raise IncompleteResultError(
                f"the result has other columns than were asked for ({different})"
            )
        for batch in reader:
            if not columns.lenient:
                yield batch if header == names else batch.select(names)
                continue
            arrays = [
                _convert_leniently(
                    batch.column(name), columns.types[name], name, batch.column("Id"), findings
                )
                if name in columns.lenient
                else batch.column(name)
                for name in names
            ]
            yield pa.RecordBatch.from_arrays(arrays, names=names)
    except pa.ArrowInvalid as error:
        if "straddling" in str(error):
            raise RowTooLongError from error
        misfit = re.search(r"In CSV column #(\d+)", str(error))
        if not misfit:
            raise IncompleteResultError("the result is cut off or no valid CSV") from error
        # Without a header yet (first block): the columns come in the order they were asked for.
        raise DoesNotFitError((header or names)[int(misfit[1])]) from error


def records_to_batch(
    records: list[dict[str, Any]], columns: ColumnTypes, findings: Findings
) -> pa.RecordBatch:
    """Convert REST records (numbers as int or text, see Client) to one batch."""
    text = {
        name: pa.array([_to_text(record.get(name), findings) for record in records], pa.string())
        for name in columns.types
    }
    while True:
        try:
            arrays = columns.convert(text, findings)
        except DoesNotFitError as error:
            columns.relax(error.column)
        else:
            return pa.RecordBatch.from_arrays(arrays, names=list(columns.types))


def _to_text(value: Any, findings: Findings) -> str | None:
    if isinstance(value, str):
        if "\0" in value:
            findings.nul_bytes += value.count("\0")
            value = value.replace("\0", "")
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _convert_leniently(
    values: pa.Array, kind: pa.DataType, name: str, ids: pa.Array | None, findings: Findings
) -> pa.Array:
    """Convert value by value; the unreadable become null, broken UTF-8 keeps what is readable."""
    try:
        return values.cast(pa.string()).cast(kind)
    except pa.ArrowInvalid:
        pass
    converted, rejected = [], []
    for index, raw in enumerate(values.to_pylist()):
        text = raw.decode(errors="replace") if isinstance(raw, bytes) else raw
        if pa.types.is_string(kind):
            converted.append(text)
            if isinstance(raw, bytes) and text is not None and text.encode() != raw:
                rejected.append(index)
            continue
        try:
            converted.append(pa.scalar(text, pa.string()).cast(kind).as_py())
        except pa.ArrowInvalid:
            converted.append(None)
            rejected.append(index)
    examples = [str(ids[index]) for index in rejected[:REJECTED_EXAMPLES]] if ids else []
    findings.reject(name, len(rejected), examples)
    return pa.array(converted, kind)


def with_metadata(batch: pa.RecordBatch, origin: Provenance) -> pa.RecordBatch:
    """Add _extracted_at, _source_system and _batch_id."""
    values = (origin.extracted_at, origin.source_system, origin.batch_id)
    arrays = [
        pa.repeat(pa.scalar(value, column.type), batch.num_rows)
        for value, column in zip(values, METADATA_FIELDS, strict=True)
    ]
    return pa.RecordBatch.from_arrays(
        [*batch.columns, *arrays],
        schema=pa.schema([*batch.schema, *METADATA_FIELDS]),
    )


def deleted_rows(batch: pa.RecordBatch) -> int:
    """How many rows of a batch are marked as deleted."""
    if "IsDeleted" not in batch.schema.names:
        return 0
    return int(pc.sum(batch.column("IsDeleted")).as_py() or 0)
