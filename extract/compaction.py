"""Merge an object's many small bronze files into few, without changing what they say.

Every version of a record stays, but for one kind: of versions in a row that are equal in all
fields, only the first and the last are kept, so a full refresh costs space only for what changed.
A retention, where one is set, also drops versions that were superseded longer ago than it allows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from extract.manifest import Bronze, FileEntry, iso
from extract.parquet_file import NewParquetFile, read_batches, read_schema, scan, scratch_database
from extract.schema import METADATA_FIELDS

# Files that are this large already are left alone, and merged ones end about there.
ROWS_PER_FILE = 2_000_000
RowNumbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
NO_ROWS: RowNumbers = np.array([], dtype=np.int64)
METADATA_NAMES = tuple(field.name for field in METADATA_FIELDS)


@dataclass(frozen=True, slots=True)
class Compaction:
    """What was done to one object."""

    object_name: str
    files_before: int
    files_after: int
    rows_before: int
    rows_after: int


def compact(
    bronze: Bronze, object_name: str, retention_days: float | None, now: datetime
) -> Compaction | None:
    """Merge one object's files and commit; None when there is nothing to gain.

    The files that are no longer listed are removed by a later extraction, a day after.
    """
    entry = bronze.object(object_name)
    before = entry.files
    if len(before) < 2 and retention_days is None:
        return None
    paths = [bronze.directory / file.path for file in before]
    dropped = _superfluous_rows(bronze, paths, retention_days, now)
    small = [file for file in before if file.rows + file.rows_deleted < ROWS_PER_FILE // 2]
    if len(small) < 2 and not dropped:
        return None
    after = list(_rewrite(bronze, object_name, paths, dropped))
    entry.files = after
    bronze.commit()
    return Compaction(
        object_name,
        len(before),
        len(after),
        sum(file.rows + file.rows_deleted for file in before),
        sum(file.rows + file.rows_deleted for file in after),
    )


def _superfluous_rows(
    bronze: Bronze, paths: list[Path], retention_days: float | None, now: datetime
) -> dict[str, RowNumbers]:
    """Row numbers to drop, by file path."""
    with scratch_database(bronze) as connection:
        source = scan(paths, ", filename = true, file_row_number = true")
        columns = [
            str(row[0])
            for row in connection.execute(f"describe select * from {scan(paths)}").fetchall()
        ]
        values = ", ".join(f'"{name}"' for name in columns if name not in METADATA_NAMES)
        cursor = '"SystemModstamp"' if "SystemModstamp" in columns else "null"
        expired = "false"
        if retention_days is not None:
            limit = (now - timedelta(days=retention_days)).astimezone(UTC)
            expired = f"superseded_at < timestamptz '{limit.isoformat()}'"
        rows = connection.execute(
            f"""
            with version as (
                select
                    Id, _extracted_at, {cursor} as modified_at, filename, file_row_number,
                    md5(row({values})::varchar) as content
                from {source}
            ),
            neighbour as (
                select
                    filename,
                    file_row_number,
                    lag(content) over history as previous,
                    content,
                    lead(content) over history as following,
                    lead(_extracted_at) over history as superseded_at
                from version
                window history as (
                    partition by Id
                    order by _extracted_at, modified_at nulls last, filename, file_row_number
                )
            )
            select filename, list(file_row_number order by file_row_number)
            from neighbour
            where (previous = content and following = content) or {expired}
            group by filename
            """
        ).fetchall()
    return {str(name): np.array(numbers, dtype=np.int64) for name, numbers in rows}


def _rewrite(
    bronze: Bronze,
    object_name: str,
    paths: list[Path],
    dropped: dict[str, RowNumbers],
) -> Iterator[FileEntry]:
    """Copy the rows that stay into few new files; yields their manifest entries."""
    schema = _common_schema([read_schema(path).remove_metadata() for path in paths])
    output: NewParquetFile | None = None
    seen: list[datetime] = []
    for batch in _kept_rows(paths, dropped):
        output = output or NewParquetFile(bronze, object_name)
        output.add(_conform(batch, schema))
        bounds = pc.min_max(batch.column("_extracted_at")).as_py()
        seen += [bounds["min"], bounds["max"]]
        if output.rows >= ROWS_PER_FILE:
            yield from _entry(bronze, output, seen)
            output, seen = None, []
    if output is not None:
        yield from _entry(bronze, output, seen)


def _kept_rows(paths: list[Path], dropped: Mapping[str, RowNumbers]) -> Iterator[pa.RecordBatch]:
    """The rows of all files, oldest first, without those to drop."""
    for path in paths:
        drop = dropped.get(str(path), NO_ROWS)
        row_number = 0
        for batch in read_batches(path):
            numbers = np.arange(row_number, row_number + batch.num_rows)
            row_number += batch.num_rows
            kept = batch.filter(pa.array(~np.isin(numbers, drop))) if len(drop) else batch
            if kept.num_rows:
                yield kept


def _common_schema(schemas: list[pa.Schema]) -> pa.Schema:
    """Columns of all files; a type that holds all its values, text where fields were retyped."""
    common: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            known = common.setdefault(field.name, field.type)
            if known == field.type:
                continue
            try:
                unified = pa.unify_schemas(
                    [pa.schema([(field.name, known)]), pa.schema([(field.name, field.type)])],
                    promote_options="permissive",
                )
                common[field.name] = unified.field(0).type
            except pa.ArrowException:
                common[field.name] = pa.string()
    return pa.schema(list(common.items()))


def _conform(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with the columns and types of the common schema; absent columns are null."""
    columns = [
        batch.column(field.name).cast(field.type)
        if field.name in batch.schema.names
        else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _entry(bronze: Bronze, output: NewParquetFile, seen: list[datetime]) -> Iterator[FileEntry]:
    """The manifest entry of a merged file; none when it has no rows."""
    path = output.finish()
    if path is None:
        return
    yield FileEntry(
        path=path.relative_to(bronze.directory).as_posix(),
        rows=output.rows - output.rows_deleted,
        rows_deleted=output.rows_deleted,
        bytes=path.stat().st_size,
        batch_id=None,
        # The earliest, so that a choice of files by time never misses a row.
        extracted_at=iso(min(seen)),
        extracted_until=iso(max(seen)),
        mode="full",
    )
