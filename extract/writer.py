"""Write typed batches to a Snappy Parquet file, durable before it is mentioned anywhere."""

import os
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extract.checkpoint import Page
from extract.convert import Batch, deleted_rows, with_metadata
from extract.manifest import Bronze, sync_directory

if TYPE_CHECKING:
    from pathlib import Path

# DuckDB reads row groups of its own vector multiple best; the byte bound keeps memory flat for
# wide objects.
ROW_GROUP_ROWS = 122_880
ROW_GROUP_BYTES = 16 << 20


def version_keys(batch: pa.RecordBatch | pa.Table, cursor: str) -> pa.Array:
    """One text per row that names the version of a record: Id, cursor, and whether deleted."""
    moment = pc.cast(pc.cast(batch.column(cursor), pa.int64()), pa.string())
    parts = [batch.column("Id"), pc.fill_null(moment, "")]
    if "IsDeleted" in batch.schema.names:
        is_deleted = pc.equal(batch.column("IsDeleted"), True)  # noqa: FBT003 - positional only
        parts.append(pc.fill_null(pc.cast(is_deleted, pa.string()), "false"))
    return pc.binary_join_element_wise(*parts, "|")


class PageWriter:
    """Collects batches of one page into row groups of one new file.

    Versions in `known` are dropped: the look-back window reads them again on purpose.
    """

    def __init__(
        self,
        bronze: Bronze,
        object_name: str,
        origin: Batch,
        known: pa.Array | None,
        cursor: str | None,
    ) -> None:
        """Create no file before there is a row."""
        self.bronze = bronze
        self.object_name = object_name
        self.origin = origin
        self.known = known
        self.cursor = cursor
        self.page = Page(next=None, rows_read=0)
        self._path: Path | None = None
        self._writer: pq.ParquetWriter | None = None
        self._batches: list[pa.RecordBatch] = []
        self._rows = 0
        self._bytes = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Add rows."""
        self.page.rows_read += batch.num_rows
        if self.known is not None and self.cursor is not None and batch.num_rows:
            is_new = pc.invert(pc.is_in(version_keys(batch, self.cursor), value_set=self.known))
            batch = batch.filter(is_new)
        if not batch.num_rows:
            return
        deleted = deleted_rows(batch)
        self.page.rows_deleted += deleted
        self.page.rows += batch.num_rows - deleted
        self._batches.append(batch)
        self._rows += batch.num_rows
        self._bytes += batch.nbytes
        if self._rows >= ROW_GROUP_ROWS or self._bytes >= ROW_GROUP_BYTES:
            self._write_row_group()

    def _write_row_group(self) -> None:
        if not self._batches:
            return
        table = pa.Table.from_batches(
            [with_metadata(batch, self.origin) for batch in self._batches]
        )
        self._batches, self._rows, self._bytes = [], 0, 0
        if self._writer is None:
            self._path = self.bronze.new_file(self.object_name)
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="snappy")
        self._writer.write_table(table, row_group_size=ROW_GROUP_ROWS)

    def finish(self) -> Page:
        """Write what is left and make the file durable."""
        self._write_row_group()
        if self._writer is not None and self._path is not None:
            self._writer.close()
            with self._path.open("rb") as stream:
                os.fsync(stream.fileno())
            sync_directory(self._path.parent)
            self.page.file = self._path.relative_to(self.bronze.directory).as_posix()
            self.page.bytes = self._path.stat().st_size
        return self.page

    def abandon(self) -> None:
        """Remove the unfinished file."""
        if self._writer is not None:
            self._writer.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
