"""Write the rows of one page of a result to a file of its own."""

import pyarrow as pa
import pyarrow.compute as pc

from extract.checkpoint import Page
from extract.convert import Provenance, with_metadata
from extract.manifest import Bronze
from extract.parquet_file import NewParquetFile


def version_keys(batch: pa.RecordBatch | pa.Table, cursor: str) -> pa.Array:
    """One text per row that names the version of a record: Id, cursor, and whether deleted."""
    moment = pc.cast(pc.cast(batch.column(cursor), pa.int64()), pa.string())
    parts = [batch.column("Id"), pc.fill_null(moment, "")]
    if "IsDeleted" in batch.schema.names:
        is_deleted = pc.equal(batch.column("IsDeleted"), True)  # noqa: FBT003 - positional only
        parts.append(pc.fill_null(pc.cast(is_deleted, pa.string()), "false"))
    return pc.binary_join_element_wise(*parts, "|")


class PageWriter:
    """Writes one page, counting what was read and what was kept.

    Versions in `known` are dropped: the look-back window reads them again on purpose.
    """

    def __init__(
        self,
        bronze: Bronze,
        object_name: str,
        origin: Provenance,
        known: pa.Array | None = None,
        cursor: str | None = None,
    ) -> None:
        """Create no file before there is a row."""
        self.origin = origin
        self.known = known
        self.cursor = cursor
        self.rows_read = 0
        self._bronze = bronze
        self._file = NewParquetFile(bronze, object_name)

    def add(self, batch: pa.RecordBatch) -> None:
        """Add rows."""
        self.rows_read += batch.num_rows
        if self.known is not None and self.cursor is not None and batch.num_rows:
            is_new = pc.invert(pc.is_in(version_keys(batch, self.cursor), value_set=self.known))
            batch = batch.filter(is_new)
        if batch.num_rows:
            self._file.add(with_metadata(batch, self.origin))

    def finish(self) -> Page:
        """Make the file durable and say what is in it."""
        path = self._file.finish()
        return Page(
            next=None,
            rows_read=self.rows_read,
            rows=self._file.rows - self._file.rows_deleted,
            rows_deleted=self._file.rows_deleted,
            bytes=path.stat().st_size if path else 0,
            file=path.relative_to(self._bronze.directory).as_posix() if path else None,
        )

    def abandon(self) -> None:
        """Remove the unfinished file."""
        self._file.abandon()
