"""Bulk API 2.0 query jobs: DuckDB writes the result once, pages of it are cut as CSV on request."""

import gzip
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extract.sandbox.org import USER_ID, Org
from extract.sandbox.soql import CompiledQuery, SoqlError

LARGEST_PAGE = 250_000
PAGES_AT_ONCE = 5
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
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    state: str = "UploadComplete"
    records: int = 0
    error: str | None = None
    polls: int = 0

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
            self._spool / f"{identifier}.parquet",
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
            with self._org.cursor() as cursor:
                written = cursor.execute(
                    f"copy (select {columns} from ({compiled.sql})) to '{job.result}' "
                    "(format parquet, compression snappy, row_group_size 50000)",
                    list(compiled.parameters),
                ).fetchall()
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

    def page(self, job: Job, start: int, size: int, *, compressed: bool) -> tuple[Path, int]:
        """The CSV of rows [start, start + size) and how many rows it should hold."""
        announced = max(0, min(size, job.records - start))
        missing = self._org.misbehaviour.number("missing_rows") or 0
        end = start + max(0, announced - missing)
        path = self._spool / f"{job.id}-{start}-{size}-{end}.csv"
        packed = path.with_suffix(".csv.gz")
        wanted = packed if compressed else path
        with self._lock:
            if not path.exists():
                self._write_page(job, start, end, path)
            if compressed and not packed.exists():
                packed.write_bytes(gzip.compress(path.read_bytes(), compresslevel=1))
        return wanted, announced

    def _write_page(self, job: Job, start: int, end: int, path: Path) -> None:
        partial = path.with_suffix(".part")
        columns = ", ".join(f'"{name}"' for name in job.fields)
        with self._org.cursor() as cursor:
            cursor.execute(
                f"copy (select {columns} from read_parquet('{job.result}', file_row_number = true) "
                f"where file_row_number >= {start} and file_row_number < {end} "
                f"order by file_row_number) to '{partial}' (format csv, header true, quote '\"', "
                f"escape '\"', force_quote ({columns}), delimiter "
                f"'{DELIMITERS[job.column_delimiter]}')"
            )
        partial.rename(path)


def _as_text(name: str, kind: str) -> str:
    """The text that Bulk writes for a value; null is the empty text."""
    quoted = f'"{name}"'
    if kind == "datetime":
        text = f"strftime({quoted}, '%Y-%m-%dT%H:%M:%S.%g') || 'Z'"
    elif kind == "date":
        text = f"strftime({quoted}, '%Y-%m-%d')"
    elif kind in {"double", "currency", "percent"}:
        # Trailing zeros are dropped, as Salesforce does: 10.50 is 10.5, 10.00 is 10.0.
        text = f"regexp_replace(cast({quoted} as varchar), '(\\.\\d+?)0+$', '\\1')"
    else:
        text = f"cast({quoted} as varchar)"
    return f"coalesce({text}, '') as {quoted}"


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
