"""Bronze Parquet files: written durably, read back, encrypted where a key is set."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from common.durable import sync
from common.encryption import KEY_VARIABLE, encryption_key, encryption_key_text
from extract.convert import deleted_rows
from extract.errors import ExtractionError
from extract.manifest import Bronze

# DuckDB reads row groups of this many rows best; the byte bound keeps memory flat for wide objects.
ROW_GROUP_ROWS = 122_880
ROW_GROUP_BYTES = 8 << 20
READ_ADVICE = (
    f"Encrypted files need {KEY_VARIABLE} to be the key they were written with; a damaged file has "
    "to come back from a backup, or the bronze folder to be moved away and extracted again."
)
MEMORY_LIMIT = "150MB"


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    """A file open for reading. Raises ExtractionError that names one that cannot be read."""
    key = encryption_key()
    properties = pe.create_decryption_properties(footer_key=key) if key else None
    try:
        file = pq.ParquetFile(path, decryption_properties=properties)
    except (OSError, pa.ArrowException) as error:
        raise ExtractionError(
            f"{path} cannot be read ({str(error).splitlines()[0]}). {READ_ADVICE}"
        ) from error
    with file:
        yield file


def read_schema(path: Path) -> pa.Schema:
    """The Arrow schema of a file."""
    with _opened(path) as file:
        return file.schema_arrow


def read_table(path: Path, columns: Sequence[str], filters: Any = None) -> pa.Table:
    """Some columns of a file, of the rows that pass a filter."""
    # A scan through a dataset would forget the key.
    with _opened(path) as file:
        schema = pa.schema([file.schema_arrow.field(name) for name in columns])
        tables = [schema.empty_table()]
        for index in range(file.num_row_groups):
            table = file.read_row_group(index, columns=list(columns))
            tables.append(table.filter(filters) if filters is not None else table)
    return pa.concat_tables(tables)


def read_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """All rows of a file, in their order."""
    with _opened(path) as file:
        yield from file.iter_batches()


@contextmanager
def scratch_database(bronze: Bronze) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection that works in bounded memory and spills into the bronze folder.

    Raises ExtractionError for files that it cannot read.
    """
    with duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(bronze.directory / ".temporary" / "duckdb"),
            "threads": 1,
            "preserve_insertion_order": False,
        }
    ) as connection:
        text = encryption_key_text()
        if text:
            connection.execute(f"pragma add_parquet_key('customer360', '{text}')")
            connection.execute("set temp_file_encryption = true")
        try:
            yield connection
        except duckdb.Error as error:
            raise ExtractionError(
                f"The bronze files cannot be read together ({str(error).splitlines()[0]}). "
                f"{READ_ADVICE}"
            ) from error


def scan(files: Sequence[Path], options: str = "") -> str:
    """A SQL relation over bronze files, with further options of read_parquet if given."""
    names = ["'" + str(path).replace("'", "''") + "'" for path in files]
    if not encryption_key():
        return f"read_parquet([{', '.join(names)}], union_by_name = true{options})"
    # DuckDB 1.5 breaks down on several encrypted files with union_by_name.
    options += ", encryption_config = {footer_key: 'customer360'}"
    parts = [f"select * from read_parquet({name}{options})" for name in names]
    return f"({' union all by name '.join(parts)})"


class NewParquetFile:
    """A new bronze file in the making, not visible before the manifest lists it."""

    def __init__(self, bronze: Bronze, object_name: str) -> None:
        """Create no file before there is a row group."""
        self.bronze = bronze
        self.object_name = object_name
        self.rows = 0
        self.rows_deleted = 0
        self.path: Path | None = None
        self._writer: pq.ParquetWriter | None = None
        self._batches: list[pa.RecordBatch] = []
        self._waiting_rows = 0
        self._waiting_bytes = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Add rows; all batches have one schema."""
        self.rows += batch.num_rows
        self.rows_deleted += deleted_rows(batch)
        self._batches.append(batch)
        self._waiting_rows += batch.num_rows
        self._waiting_bytes += batch.nbytes
        if self._waiting_rows >= ROW_GROUP_ROWS or self._waiting_bytes >= ROW_GROUP_BYTES:
            self._write_row_group()

    def _write_row_group(self) -> None:
        if not self._batches:
            return
        table = pa.Table.from_batches(self._batches)
        self._batches, self._waiting_rows, self._waiting_bytes = [], 0, 0
        if self._writer is None:
            key = encryption_key()
            self.path = self.bronze.new_file(self.object_name)
            self._writer = pq.ParquetWriter(
                self.path,
                table.schema,
                compression="snappy",
                encryption_properties=pe.create_encryption_properties(footer_key=key)
                if key
                else None,
            )
        self._writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
        # The allocator would keep the row group's memory, in each thread, for later.
        pa.default_memory_pool().release_unused()

    def finish(self) -> Path | None:
        """Write what is left, make the file durable; None when there was no row."""
        self._write_row_group()
        if self._writer is None or self.path is None:
            return None
        self._writer.close()
        with self.path.open("rb") as stream:
            os.fsync(stream.fileno())
        sync(self.path.parent)
        return self.path

    def abandon(self) -> None:
        """Remove the unfinished file."""
        if self._writer is not None:
            # It writes its footer, for which a full disk has no room; the file goes anyway.
            with suppress(OSError):
                self._writer.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)
