"""Bulk API 2.0 query jobs: DuckDB writes the result once as CSV, a page is a range of its bytes."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from extract.sandbox.org import USER_ID, Org
from extract.sandbox.soql import CompiledQuery, SoqlError

LARGEST_PAGE = 250_000
PAGES_AT_ONCE = 5
BLOCK_BYTES = 1 << 20
SCAN_BYTES = 1 << 25
DELIMITERS = {"COMMA": ",", "TAB": "\t", "SEMICOLON": ";", "PIPE": "|", "CARET": "^"}


@dataclass
class Job:
    """One query job, as the API shows it, and where its result lies."""

    id: str
    operation: str
    query: str
    object_name: str
    fields: tuple[str, ...]
    column_delimiter: str
    line_ending: str
    result: Path
    """CSV of all rows without a header, every value quoted, a line feed after each row."""
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    state: str = "UploadComplete"
    records: int = 0
    error: str | None = None
    row_starts: npt.NDArray[np.int64] | None = None
    """Where each row starts in `result`, and after the last row where it ends."""

    @property
    def header(self) -> bytes:
        """The first line of every page."""
        delimiter = DELIMITERS[self.column_delimiter]
        names = delimiter.join(f'"{name}"' for name in self.fields)
        return names.encode() + (b"\r\n" if self.line_ending == "CRLF" else b"\n")

    def document(self, version: str) -> dict[str, Any]:
        """The job as GET answers it."""
        document = {
            "id": self.id,
            "operation": self.operation,
            "object": self.object_name,
            "createdById": USER_ID,
            "createdDate": _timestamp(self.created_at),
            "systemModstamp": _timestamp(self.created_at),
            "state": self.state,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": float(version.removeprefix("v")),
            "lineEnding": self.line_ending,
            "columnDelimiter": self.column_delimiter,
        }
        if self.state not in {"UploadComplete", "InProgress"}:
            document |= {
                "jobType": "V2Query",
                "numberRecordsProcessed": self.records,
                "retries": 0,
                "totalProcessingTime": 1,
                "isPkChunkingSupported": True,
            }
        if self.error:
            document["errorMessage"] = self.error
        return document


class BulkJobs:
    """All query jobs of one served org; results lie in `spool`, which the caller removes."""

    def __init__(self, org: Org, spool: Path) -> None:
        self._org = org
        self._spool = spool
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._next = 0

    def create(self, body: bytes) -> Job:
        """Check a job and run its query. Raises SoqlError with the API's error code."""
        try:
            wanted = json.loads(body or b"{}")
        except ValueError:
            raise SoqlError("JSON_PARSER_ERROR", "The request body is not JSON.") from None
        operation = wanted.get("operation")
        if operation not in {"query", "queryAll"}:
            raise SoqlError("INVALIDJOB", "operation must be query or queryAll")
        delimiter = wanted.get("columnDelimiter", "COMMA")
        ending = wanted.get("lineEnding", "LF")
        if delimiter not in DELIMITERS or ending not in {"LF", "CRLF"}:
            raise SoqlError("INVALIDJOB", "columnDelimiter or lineEnding is not supported")
        query = str(wanted.get("query", ""))
        compiled = self._org.compile(query, include_deleted=operation == "queryAll", bulk=True)
        with self._lock:
            self._next += 1
            identifier = f"7505g{self._next:010d}AAA"
        job = Job(
            identifier,
            operation,
            query,
            compiled.object_name,
            compiled.fields,
            delimiter,
            ending,
            self._spool / f"{identifier}.csv",
        )
        with self._lock:
            self._jobs[identifier] = job
        threading.Thread(target=self._run, args=(job, compiled), daemon=True).start()
        return job

    def _run(self, job: Job, compiled: CompiledQuery) -> None:
        job.state = "InProgress"
        try:
            self._org.refuse_long_query(compiled)
            described = self._org.schema[job.object_name.lower()].fields
            types = {name: described[name.lower()].type for name in job.fields if "." not in name}
            columns = ", ".join(_as_text(name, types.get(name, "string")) for name in job.fields)
            quoted = ", ".join(f'"{name}"' for name in job.fields)
            with self._org.cursor() as cursor:
                written = cursor.execute(
                    f"copy (select {columns} from ({compiled.sql})) to '{job.result}' "
                    "(format csv, header false, quote '\"', escape '\"', "
                    f"force_quote ({quoted}), delimiter '{DELIMITERS[job.column_delimiter]}')",
                    list(compiled.parameters),
                ).fetchall()
            job.row_starts = _row_starts(job.result, job.result.with_suffix(".rows"))
            job.records = int(written[0][0])
            if job.state != "Aborted":
                job.state = "JobComplete"
        except SoqlError as error:
            job.error, job.state = f"{error.code}: {error}", "Failed"
        except Exception as error:
            job.error, job.state = f"UNKNOWN_EXCEPTION: {error}", "Failed"
            raise

    def get(self, identifier: str) -> Job | None:
        """The job, or None when it is unknown or the switch makes it so."""
        if self._org.misbehaviour.take("forgotten_jobs"):
            self._jobs.clear()
        return self._jobs.get(identifier)

    def all(self) -> list[Job]:
        """All jobs, newest first."""
        return sorted(self._jobs.values(), key=lambda job: job.id, reverse=True)

    def abort(self, job: Job) -> None:
        """Abort a job that is still under way."""
        if job.state not in {"UploadComplete", "InProgress"}:
            raise SoqlError("INVALIDJOBSTATE", f"Job {job.id} is already {job.state}.")
        job.state = "Aborted"

    def delete(self, job: Job) -> None:
        """Forget a finished job."""
        if job.state in {"UploadComplete", "InProgress"}:
            raise SoqlError("INVALIDJOBSTATE", f"Job {job.id} is still {job.state}.")
        self._jobs.pop(job.id, None)
        for path in self._spool.glob(f"{job.id}*"):
            path.unlink(missing_ok=True)

    def page(self, job: Job, start: int, size: int) -> "Page":
        """Rows [start, start + size) of a complete job."""
        if job.row_starts is None:
            raise SoqlError("INVALIDJOBSTATE", f"Job {job.id} is {job.state}, not JobComplete")
        announced = max(0, min(size, job.records - start))
        missing = self._org.misbehaviour.number("missing_rows") or 0
        rows = max(0, announced - missing)
        return Page(job, announced, job.row_starts[start : start + rows + 1])


@dataclass(frozen=True)
class Page:
    """One page of a result: how many rows it announces, and where its rows lie."""

    job: Job
    announced: int
    row_starts: npt.NDArray[np.int64]

    @property
    def length(self) -> int:
        """Bytes of the page, uncompressed."""
        rows = max(0, len(self.row_starts) - 1)
        body = int(self.row_starts[-1] - self.row_starts[0]) if rows else 0
        carriage_returns = rows if self.job.line_ending == "CRLF" else 0
        return len(self.job.header) + body + carriage_returns

    def blocks(self) -> Iterator[bytes]:
        """The bytes of the page, uncompressed."""
        yield self.job.header
        if len(self.row_starts) < 2:
            return
        with self.job.result.open("rb") as file:
            file.seek(int(self.row_starts[0]))
            if self.job.line_ending == "CRLF":
                for length in np.diff(self.row_starts):
                    yield file.read(int(length))[:-1] + b"\r\n"
                return
            left = int(self.row_starts[-1] - self.row_starts[0])
            while left:
                block = file.read(min(BLOCK_BYTES, left))
                left -= len(block)
                yield block


def _row_starts(csv: Path, index: Path) -> npt.NDArray[np.int64]:
    """Find where rows start: after each line feed that an even number of quotes precedes.

    The offsets are kept in the file `index` and mapped from there, so that results of any size
    take no memory.
    """
    offset = 0
    quotes_before = 0
    with csv.open("rb") as source, index.open("wb") as found:
        np.zeros(1, np.int64).tofile(found)
        while block := source.read(SCAN_BYTES):
            text = np.frombuffer(block, np.uint8)
            quotes = np.flatnonzero(text == ord('"'))
            line_feeds = np.flatnonzero(text == ord("\n"))
            before = quotes_before + np.searchsorted(quotes, line_feeds)
            (line_feeds[before % 2 == 0] + offset + 1).astype(np.int64).tofile(found)
            offset += len(block)
            quotes_before += len(quotes)
    return np.memmap(index, np.int64, "r")


def _as_text(name: str, kind: str) -> str:
    """The text that Bulk writes for a value; null is the empty text."""
    quoted = f'"{name}"'
    if kind == "datetime":
        text = f"strftime(make_timestamp(epoch_us({quoted})), '%Y-%m-%dT%H:%M:%S.%gZ')"
    elif kind == "date":
        text = f"cast({quoted} as varchar)"
    elif kind in {"double", "currency", "percent"}:
        # Trailing zeros are dropped, as Salesforce does: 10.50 is 10.5, 10.00 is 10.0.
        text = f"regexp_replace(cast({quoted} as varchar), '(\\.\\d+?)0+$', '\\1')"
    else:
        text = f"cast({quoted} as varchar)"
    return f"coalesce({text}, '') as {quoted}"


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
