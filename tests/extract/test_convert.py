"""Salesforce's CSV and JSON become exactly what they say."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from extract.convert import (
    CleanStream,
    ColumnTypes,
    DoesNotFitError,
    Findings,
    RowTooLongError,
    read_csv,
    records_to_batch,
)
from extract.errors import IncompleteResultError
from extract.schema import ObjectSchema, read_describe

pytestmark = pytest.mark.unit

FIELDS = {
    "Id": "id",
    "Name": "string",
    "Amount": "currency",
    "Count": "int",
    "IsDeleted": "boolean",
    "Day": "date",
    "SystemModstamp": "datetime",
}


def schema_of(fields: Mapping[str, str]) -> ObjectSchema:
    return read_describe(
        {
            "name": "Thing",
            "fields": [
                {"name": name, "type": kind, "precision": 18, "scale": 2}
                for name, kind in fields.items()
            ],
        }
    )


def parse(
    text: bytes, columns: ColumnTypes | None = None, block_bytes: int = 1 << 16
) -> tuple[list[dict[str, Any]], Findings]:
    """Read CSV as a page is read: relaxing what does not fit, and again."""
    columns = columns or ColumnTypes(schema_of(FIELDS))
    while True:
        findings = Findings()
        stream = CleanStream(io.BytesIO(text))
        try:
            batches = list(read_csv(stream, columns, findings, block_bytes=block_bytes))
        except DoesNotFitError as error:
            columns.relax(error.column)
            continue
        findings.nul_bytes += stream.nul_bytes
        return [row for batch in batches for row in batch.to_pylist()], findings


def csv_of(*rows: tuple[str, ...], names: tuple[str, ...] = tuple(FIELDS)) -> bytes:
    quoted = [
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (names, *rows)
    ]
    return ("\n".join(quoted) + "\n").encode()


def row_of(**cells: str) -> tuple[str, ...]:
    plain = {"Id": "1", "IsDeleted": "false"}
    return tuple((plain | cells).get(name, "") for name in FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        "NA",
        "N/A",
        "None",
        "null",
        "NULL",
        "nan",
        "#N/A",
        " ",
        "line\nbreak",
        "carriage\r\nreturn",
        'say "yes", or no',
        '""',
        "naïve 🎉 日本",
        "x" * 131_072,
        "'; drop table account; --",
    ],
)
def test_text_arrives_as_it_is(text: str) -> None:
    rows, findings = parse(csv_of(row_of(Name=text)), block_bytes=1 << 20)
    assert rows[0]["Name"] == text
    assert findings.message() == ""


def test_only_the_empty_cell_is_null() -> None:
    rows, _ = parse(csv_of(row_of()))
    assert rows == [
        {
            "Id": "1",
            "Name": None,
            "Amount": None,
            "Count": None,
            "IsDeleted": False,
            "Day": None,
            "SystemModstamp": None,
        }
    ]


def test_typed_values() -> None:
    cells = {
        "Amount": "1.2345678E7",
        "Count": "42",
        "IsDeleted": "true",
        "Day": "2024-02-29",
        "SystemModstamp": "2026-01-02T03:04:05.678Z",
    }
    rows, _ = parse(csv_of(row_of(**cells)))
    assert rows[0]["Amount"] == Decimal("12345678.00")
    assert rows[0]["Count"] == 42
    assert rows[0]["IsDeleted"] is True
    assert rows[0]["Day"] == date(2024, 2, 29)
    assert rows[0]["SystemModstamp"] == datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1", Decimal("0.1")),
        ("9007199254740993", Decimal(9007199254740993)),
        ("1234.56789", Decimal("1234.56789")),
        ("123456789012345678901234.5", Decimal("123456789012345678901234.5")),
        ("-0.000000000000000001", Decimal("-1E-18")),
    ],
)
def test_numbers_are_exact_also_beyond_their_described_scale(text: str, expected: Decimal) -> None:
    rows, findings = parse(csv_of(row_of(Amount=text), row_of(Amount="1.50")))
    assert [row["Amount"] for row in rows] == [expected, Decimal("1.50")]
    assert findings.message() == ""


def test_unreadable_values_are_null_and_counted_with_the_record() -> None:
    rows, findings = parse(
        csv_of(row_of(Id="a", Day="20260-01-01"), row_of(Id="b", Day="2026-01-01"))
    )
    assert [row["Day"] for row in rows] == [None, date(2026, 1, 1)]
    assert findings.rejected == {"Day": 1}
    assert "Id a" in findings.message()
    assert "20260" not in findings.message()


def test_broken_utf_8_keeps_what_is_readable_and_is_counted() -> None:
    text = csv_of(row_of(Name="cafX")).replace(b"X", b"\xff")
    rows, findings = parse(text)
    assert rows[0]["Name"] == "caf�"
    assert findings.rejected == {"Name": 1}


def test_nul_bytes_are_removed_and_counted() -> None:
    rows, findings = parse(csv_of(row_of(Name="a\0b\0")))
    assert rows[0]["Name"] == "ab"
    assert findings.nul_bytes == 2


def test_no_rows_and_no_body() -> None:
    assert parse(csv_of())[0] == []
    assert parse(b"")[0] == []


def test_a_row_longer_than_a_block_asks_for_larger_blocks() -> None:
    with pytest.raises(RowTooLongError):
        parse(csv_of(row_of(Name="x" * 5000)), block_bytes=1000)


@pytest.mark.parametrize(
    "text",
    [
        csv_of(row_of(Name="whole"))[:-20],
        csv_of(row_of())[:-1] + b',"more"\n',
        csv_of(("1", "x"), names=("Id", "Other")),
    ],
)
def test_cut_off_or_foreign_results_are_refused(text: bytes) -> None:
    with pytest.raises(IncompleteResultError):
        parse(text)


def test_records_of_rest_equal_rows_of_bulk() -> None:
    cells = {
        "Name": "NA",
        "Amount": "1234.56789",
        "Count": "5",
        "IsDeleted": "true",
        "Day": "2026-01-01",
        "SystemModstamp": "2026-01-02T03:04:05.000+0000",
    }
    bulk, _ = parse(csv_of(row_of(**cells)))
    record = {"attributes": {"type": "Thing"}, "Id": "1", **cells, "IsDeleted": True, "Count": 5}
    rest = records_to_batch([record], ColumnTypes(schema_of(FIELDS)), Findings())
    assert rest.to_pylist() == bulk


def test_records_of_rest_with_nul_and_null() -> None:
    findings = Findings()
    batch = records_to_batch(
        [{"Id": "1", "Name": "a\0b"}, {"Id": "2", "Name": ""}],
        ColumnTypes(schema_of(FIELDS)),
        findings,
    )
    assert batch.column("Name").to_pylist() == ["ab", None]
    assert findings.nul_bytes == 1


def test_no_records_keep_the_types() -> None:
    batch = records_to_batch([], ColumnTypes(schema_of(FIELDS)), Findings())
    assert batch.num_rows == 0
    assert batch.schema.field("Amount").type == pa.decimal128(18, 2)
