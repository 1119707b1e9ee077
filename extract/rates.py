"""Exchange rates from the European Central Bank's reference-rate CSV into bronze.

The feed quotes every currency against the euro (1 EUR = x units); bronze holds what one unit is
worth in US dollars on that day: rate(USD) / rate(currency).
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation, localcontext
from pathlib import Path
from typing import Any

import pyarrow as pa
import requests

from extract.convert import Provenance
from extract.errors import ExtractionError
from extract.manifest import Bronze, ColumnEntry, FileEntry, iso
from extract.parquet_file import read_table
from extract.writer import PageWriter
from salesforce.errors import UnreachableError

OBJECT_NAME = "ExchangeRate"
SOURCE_SYSTEM = "ecb"
TIMEOUT_SECONDS = 60
RATE_TYPE = pa.decimal128(38, 14)
QUOTE_TYPE = pa.decimal128(28, 8)
COLUMNS = {
    "Id": pa.string(),
    "CurrencyCode": pa.string(),
    "RateDate": pa.date32(),
    "RateToUsd": RATE_TYPE,
    "UnitsPerEuro": QUOTE_TYPE,
}
# The daily file writes "20 November 2026", the historical one "2026-11-20".
DATE_FORMATS = ("%Y-%m-%d", "%d %B %Y")
MISSING = ("", "N/A")


def fetch(source: str) -> bytes:
    """The feed's bytes from an https address or a file. Raises ExtractionError."""
    if not source:
        raise ExtractionError(
            "No source of exchange rates: name an address or a file, `python -m extract rates "
            "--source eurofxref-hist.csv`, or set exchange_rate_source in objects.yml."
        )
    if "://" not in source:
        try:
            return Path(source).read_bytes()
        except OSError as error:
            raise ExtractionError(f"Cannot read {source}: {error.strerror}.") from error
    try:
        response = requests.get(source, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
    except requests.RequestException as error:
        raise UnreachableError(
            f"{source} gave no exchange rates ({type(error).__name__}). Run again later, or "
            "download the file and name it with --source."
        ) from error
    return response.content


def read_rates(content: bytes, source: str) -> Iterator[dict[str, Any]]:
    """One record per currency and day of the feed, dollar and euro included.

    Raises ExtractionError that names line and column of what is no rate.
    """
    reader = csv.reader(io.StringIO(_text(content, source)))
    header = [name.strip() for name in next(reader, [])]
    if header[:1] != ["Date"] or "USD" not in header:
        raise ExtractionError(
            f"{source} is not the ECB's reference-rate CSV: its first line must begin with Date "
            "and name the currencies, USD among them."
        )
    for number, row in enumerate(reader, start=2):
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if not any(cells.values()):
            continue
        day = _date(cells["Date"], source, number)
        quotes = {"EUR": Decimal(1)}
        for code in filter(None, header[1:]):
            if cells.get(code, "") not in MISSING:
                quotes[code] = _quote(cells[code], source, number, code)
        if "USD" not in quotes:
            continue
        for code, quote in quotes.items():
            with localcontext(prec=34):
                rate = (quotes["USD"] / quote).quantize(Decimal(1).scaleb(-RATE_TYPE.scale))
            yield {
                "Id": f"{code}-{day.isoformat()}",
                "CurrencyCode": code,
                "RateDate": day,
                "RateToUsd": rate,
                "UnitsPerEuro": quote,
            }


def _text(content: bytes, source: str) -> str:
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = archive.read(archive.namelist()[0])
        return content.decode("utf-8-sig")
    except (zipfile.BadZipFile, UnicodeDecodeError, IndexError) as error:
        raise ExtractionError(f"{source} is neither a CSV file nor a zip of one.") from error


def _date(text: str, source: str, line: int) -> date:
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ExtractionError(f"{source}, line {line}: {text!r} is not a date.")


def _quote(text: str, source: str, line: int, code: str) -> Decimal:
    try:
        quote = Decimal(text)
    except InvalidOperation:
        quote = Decimal(0)
    if not quote.is_finite() or quote <= 0:
        raise ExtractionError(f"{source}, line {line}, {code}: {text!r} is not a rate.")
    return quote


def extract_rates(bronze: Bronze, source: str) -> int:
    """Append the feed's new and changed rates to bronze; returns how many there were."""
    known: set[tuple[str, Decimal]] = set()
    for path in bronze.files(OBJECT_NAME):
        table = read_table(path, ["Id", "UnitsPerEuro"])
        known |= set(zip(table["Id"].to_pylist(), table["UnitsPerEuro"].to_pylist(), strict=True))
    scale = Decimal(1).scaleb(-QUOTE_TYPE.scale)
    records = [
        record
        for record in read_rates(fetch(source), source)
        if (record["Id"], record["UnitsPerEuro"].quantize(scale)) not in known
    ]
    now = datetime.now(UTC)
    batch_id = f"{now:%Y%m%dT%H%M%SZ}-rates"
    writer = PageWriter(bronze, OBJECT_NAME, Provenance(batch_id, SOURCE_SYSTEM, now))
    schema = pa.schema(list(COLUMNS.items()))
    if records:
        writer.add(pa.RecordBatch.from_pylist(records, schema=schema))
    page = writer.finish()
    entry = bronze.object(OBJECT_NAME)
    entry.status = "complete"
    entry.schema = [ColumnEntry(name=name, type=str(kind)) for name, kind in COLUMNS.items()]
    if page.file:
        entry.files.append(
            FileEntry(
                path=page.file,
                rows=page.rows,
                rows_deleted=0,
                bytes=page.bytes,
                batch_id=batch_id,
                extracted_at=iso(now),
                mode="incremental" if known else "full",
            )
        )
    bronze.commit()
    return page.rows
