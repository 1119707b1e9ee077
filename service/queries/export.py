"""Gold tables as files, limited to what the caller may see."""

import csv
import io
from collections.abc import Iterator
from http import HTTPStatus
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from service.problems import Problem
from service.queries.caller_view import MASKED, CallerView

ExportFormat = Literal["csv", "parquet"]
ROWS_PER_BATCH = 20_000
# How a table's rows belong to customers, where it is not by a column customer_id.
CUSTOMER_COLUMNS = {
    "master_account": ("master_account_id",),
    "account_link": ("account_id_1", "account_id_2"),
    "link_review": ("account_id_1", "account_id_2"),
}
# Text that people wrote or that quotes a record; ids and names of companies stay as they are.
FREE_TEXT = frozenset(
    {
        "description",
        "detail",
        "driver",
        "evidence",
        "message",
        "raw_value",
        "reason",
        "source_name",
        "title",
    }
)


def statement(view: CallerView, table: str) -> str:
    """The query of an export.

    Raises Problem: 404 for an unknown table, 403 for one that cannot be limited to regions.
    """
    known = {row["table_name"]: row for row in view.rows("export_tables")}
    if table not in known:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            f"There is no gold table of that name. Known are: {', '.join(known)}.",
            field="table",
        )
    columns = ", ".join(f'"{name}"' for name in known[table]["columns"])
    text = f'select {columns} from gold."{table}"'
    if view.caller.regions is None:
        return text
    keys = _keys(table, known[table]["columns"])
    if not keys:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            f"{table} covers every region and your token does not. Ask for a token without a "
            "limit to regions.",
        )
    visible = (
        "select customer_id from gold.serving_customer where memory.may_see($regions, regions)"
    )
    conditions = [f'"{key}" in ({visible})' for key in keys]
    if table == "customer":
        # A master of other regions is not named either.
        text = text.replace(
            '"master_account_id"',
            f'case when "master_account_id" in ({visible}) then "master_account_id" end'
            ' as "master_account_id"',
        )
    return f"{text} where {' and '.join(conditions)}"


def batches(view: CallerView, table: str, text: str) -> Iterator[pa.RecordBatch]:
    """The rows of an export, a batch at a time, in bounded memory."""
    cursor = view.reader.execute_text(text, regions=view.caller.region_list)
    reader = cursor.to_arrow_reader(ROWS_PER_BATCH)
    # A first, empty batch carries the columns of an empty table.
    yield pa.RecordBatch.from_pylist([], schema=reader.schema)
    if view.caller.may_see_personal_data:
        yield from reader
        return
    keys = _keys(table, reader.schema.names)
    for batch in reader:
        yield _masked(view, batch, keys)


def _keys(table: str, columns: list[str]) -> tuple[str, ...]:
    """The columns that say which customers a row is about."""
    return CUSTOMER_COLUMNS.get(table) or (("customer_id",) if "customer_id" in columns else ())


def _masked(view: CallerView, batch: pa.RecordBatch, keys: tuple[str, ...]) -> pa.RecordBatch:
    """A batch whose free text tells of no person."""
    names = FREE_TEXT.intersection(batch.schema.names)
    customers = [batch.column(key).to_pylist() for key in keys]
    if names:
        view.look_up_persons({identifier for column in customers for identifier in column})
    for name in names:
        texts = batch.column(name).to_pylist()
        if name == "raw_value":
            # A rejected value stands alone: nothing tells whether it is somebody's name.
            told = [text and MASKED for text in texts]
        else:
            told = [view.masked(*row) for row in zip(texts, *customers, strict=True)]
        place = batch.schema.get_field_index(name)
        field = batch.schema.field(place)
        batch = batch.set_column(place, field, pa.array(told, type=field.type))
    return batch


class Encoder:
    """Writes batches as a CSV or Parquet file, piece by piece."""

    def __init__(self, export_format: ExportFormat) -> None:
        self.is_parquet = export_format == "parquet"
        self.buffer = io.BytesIO()
        self.writer: pq.ParquetWriter | None = None
        self.has_header = False

    def _taken(self) -> bytes:
        piece = self.buffer.getvalue()
        self.buffer.seek(0)
        self.buffer.truncate()
        return piece

    def write(self, batch: pa.RecordBatch) -> bytes:
        """The next piece of the file."""
        if self.is_parquet:
            if self.writer is None:
                self.writer = pq.ParquetWriter(_Tail(self.buffer), batch.schema)
            if batch.num_rows:
                self.writer.write_batch(batch)
            return self._taken()
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\r\n")
        if not self.has_header:
            rows.writerow(batch.schema.names)
            self.has_header = True
        columns = [_cells(column.to_pylist()) for column in batch.columns]
        rows.writerows(zip(*columns, strict=True))
        return text.getvalue().encode()

    def close(self) -> bytes:
        """The last piece."""
        if self.writer is not None:
            self.writer.close()
        return self._taken()


def _cells(values: list[object]) -> list[object]:
    """Values that a spreadsheet takes for text, not for a formula."""
    return [
        f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value
        for value in values
    ]


class _Tail(io.RawIOBase):
    """A file that only grows: Parquet asks for positions, the pieces have been sent already."""

    def __init__(self, buffer: io.BytesIO) -> None:
        super().__init__()
        self.buffer = buffer
        self.position = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        written = self.buffer.write(data)  # type: ignore[arg-type]
        self.position += written
        return written

    def tell(self) -> int:
        return self.position
