"""One extraction run: every configured object, several at a time, each committed by itself."""

import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extract import bulk, rest
from extract.checkpoint import Checkpoint, CheckpointStore, Window, new_checkpoint
from extract.client import Client, Org
from extract.convert import ColumnTypes
from extract.errors import (
    ExtractionError,
    IncompleteResultError,
    QueryTimeoutError,
    ResumableError,
    StaleJobError,
    UnsupportedByBulkError,
)
from extract.manifest import Bronze, iso, parse_iso
from extract.progress import Display
from extract.schema import ObjectSchema, read_describe
from extract.settings import Configuration, ObjectConfiguration
from extract.task import PARALLEL_PAGES, ObjectTask
from extract.writer import version_keys

# Nothing in a Salesforce org is older.
EARLIEST = datetime(1999, 1, 1, tzinfo=UTC)
SHORTEST_WINDOW = timedelta(hours=1)
RESTARTS = 2
EXIT_CODES = {"complete": 0, "incomplete": 3, "failed": 1}


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of one run."""

    full: bool = False
    objects: tuple[str, ...] = ()


class Run:
    """One run over one org into one bronze folder."""

    def __init__(
        self,
        org: Org,
        bronze: Bronze,
        configuration: Configuration,
        display: Display,
        options: Options,
    ) -> None:
        """Start nothing yet."""
        self.org = org
        self.bronze = bronze
        self.configuration = configuration
        self.display = display
        self.options = options
        self.store = CheckpointStore(bronze)
        self.page_slots = threading.BoundedSemaphore(PARALLEL_PAGES)
        self.started_at = datetime.now(UTC)
        stamp = self.started_at.strftime("%Y%m%dT%H%M%SZ")
        self.batch_id = f"{stamp}-{secrets.token_hex(3)}"

    def execute(self) -> dict[str, Any]:
        """Extract all chosen objects; returns the run record, which the manifest then holds.

        Raises OrgMismatchError when the folder holds another org's data. What goes wrong with an
        object is in its record, and does not stop the others.
        """
        client = Client(self.org)
        self.bronze.claim(f"salesforce:{client.organization()['Id']}")
        client.close()
        self._close_dead_runs()
        self.bronze.remove_orphans(self.store.all_files())
        chosen = self._chosen_objects()
        is_full = self.options.full or not self.bronze.manifest["objects"]
        run: dict[str, Any] = {
            "batch_id": self.batch_id,
            "mode": "full" if is_full else "incremental",
            "status": "running",
            "started_at": iso(self.started_at),
            "finished_at": None,
            "objects": [],
        }
        self.bronze.manifest["runs"].append(run)
        self.bronze.commit()
        started = time.monotonic()
        with (
            self.display.running(),
            ThreadPoolExecutor(self.configuration.parallel_objects) as pool,
        ):
            futures = [pool.submit(self._extract, item, run) for item in chosen]
            try:
                for future in as_completed(futures):
                    self.display.end(future.result())
            except BaseException:
                self.org.stop()
                pool.shutdown(cancel_futures=True)
                self._finish(run, "incomplete", started)
                raise
        statuses = {record["status"] for record in run["objects"]}
        order = {item.name: index for index, item in enumerate(chosen)}
        run["objects"].sort(key=lambda record: order[record["object"]])
        status = next((name for name in ("failed", "incomplete") if name in statuses), "complete")
        self._finish(run, status, started)
        return run

    def _finish(self, run: dict[str, Any], status: str, started: float) -> None:
        run["status"] = status
        run["finished_at"] = iso(datetime.now(UTC))
        run["seconds"] = round(time.monotonic() - started, 3)
        self.bronze.commit()

    def _close_dead_runs(self) -> None:
        """A run that still says it is running died: this process holds the folder's lock."""
        for run in self.bronze.manifest["runs"]:
            if run["status"] == "running":
                run["status"] = "incomplete"

    def _chosen_objects(self) -> list[ObjectConfiguration]:
        if not self.options.objects:
            return list(self.configuration.objects)
        known = {item.name.lower(): item for item in self.configuration.objects}
        unknown = [name for name in self.options.objects if name.lower() not in known]
        if unknown:
            raise ExtractionError(
                f"objects.yml does not list {', '.join(unknown)}; it lists "
                f"{', '.join(item.name for item in self.configuration.objects)}."
            )
        return [known[name.lower()] for name in self.options.objects]

    def _extract(self, item: ObjectConfiguration, run: dict[str, Any]) -> dict[str, Any]:
        """Extract one object and commit it; the record says how it went."""
        started = time.monotonic()
        client = Client(self.org)
        record: dict[str, Any] = {
            "object": item.name,
            "mode": "",
            "status": "complete",
            "rows": 0,
            "rows_deleted": 0,
            "bytes": 0,
            "api_calls": 0,
            "retries": 0,
            "seconds": 0.0,
            "watermark": None,
            "message": "",
        }
        status_before = self.bronze.manifest["objects"].get(item.name, {}).get("status")
        try:
            ObjectExtraction(self, client, item, record).execute()
        except ResumableError as error:
            record["status"], record["message"] = "incomplete", str(error)
        except ExtractionError as error:
            record["status"], record["message"] = "failed", str(error)
        finally:
            client.close()
        record["api_calls"] = client.counter.api_calls
        record["retries"] = client.counter.retries
        record["seconds"] = round(time.monotonic() - started, 3)
        with self.bronze.lock:
            entry = self.bronze.object(item.name)
            if record["status"] in ("complete", "missing"):
                entry["status"] = record["status"]
            elif status_before is None:
                entry["status"] = "incomplete"
            record["watermark"] = entry["watermark"]
            run["objects"].append(record)
            self.bronze.commit()
        if record["status"] == "complete":
            self.store.discard(item.name)
        return record


class ObjectExtraction:
    """The extraction of one object."""

    def __init__(
        self, run: Run, client: Client, item: ObjectConfiguration, record: dict[str, Any]
    ) -> None:
        """Work for `run`, writing the outcome into `record`."""
        self.run = run
        self.client = client
        self.item = item
        self.record = record

    def execute(self) -> None:
        """Read the object and list its files in the manifest, which the caller commits."""
        describe = self.client.describe(self.item.name)
        if describe is None or not describe.get("queryable", True):
            if self.item.required:
                raise ExtractionError(
                    f"{self.item.name} is required, but the org (or this user) has no such object. "
                    "Give the user read access to it, or see docs/extraction.md."
                )
            self.record.update(
                mode="full",
                status="missing",
                message="the org has no such object; it is skipped, and its table stays empty",
            )
            return
        schema = read_describe(describe, self.item.exclude)
        checkpoint = self._checkpoint(schema)
        self.record["mode"] = checkpoint.mode
        task = ObjectTask(
            client=self.client,
            bronze=self.run.bronze,
            store=self.run.store,
            schema=schema,
            checkpoint=checkpoint,
            columns=ColumnTypes(schema),
            page_slots=self.run.page_slots,
            source_system=self.run.bronze.manifest["source_system"],
            known=self._known_versions(schema, checkpoint),
            on_rows=lambda rows: self.run.display.advance(self.item.name, rows),
        )
        jobs = self._read(task)
        self._take_over(task)
        for job_id in jobs:
            bulk.delete_job(task, job_id)

    def _checkpoint(self, schema: ObjectSchema) -> Checkpoint:
        """Go on from an interrupted extraction, or plan a new one."""
        run, name = self.run, self.item.name
        entry = run.bronze.object(name)
        reason = self._reason_for_full(schema, entry)
        mode = "full" if reason else "incremental"
        found = run.store.resumable(name, mode, list(schema.names), run.org.now())
        if found:
            self.record["message"] = "went on from an interrupted run"
            return found
        run.store.discard(name)
        now = run.org.now()
        watermark = now - timedelta(minutes=run.configuration.visibility_lag_minutes)
        since = None
        if mode == "incremental":
            look_back = timedelta(minutes=run.configuration.look_back_minutes)
            since = parse_iso(entry["watermark"]) - look_back
        return new_checkpoint(
            name, mode, run.batch_id, datetime.now(UTC), watermark, since, list(schema.names)
        )

    def _reason_for_full(self, schema: ObjectSchema, entry: dict[str, Any]) -> str:
        """Why the object has to be read in full; empty when an incremental run is enough."""
        if self.run.options.full:
            return "asked for"
        if not entry["watermark"] or schema.cursor is None:
            return "first"
        before = {column["name"]: column["source_type"] for column in entry["schema"]}
        if any(before.get(column.name) != column.source_type for column in schema.columns):
            return "new or retyped fields"
        days = self.run.configuration.full_refresh_days
        if schema.has_calculated and days and entry.get("full_at"):
            age = datetime.now(UTC) - parse_iso(entry["full_at"])
            if age >= timedelta(days=days):
                return "calculated fields"
        return ""

    def _known_versions(self, schema: ObjectSchema, checkpoint: Checkpoint) -> pa.Array | None:
        """The versions in bronze that the look-back window will show again."""
        since = checkpoint.windows[0].since
        if checkpoint.mode != "incremental" or since is None or schema.cursor is None:
            return None
        wanted = ["Id", schema.cursor, "IsDeleted"]
        keys = []
        for path in self.run.bronze.files(self.item.name):
            names = pq.read_schema(path).names
            if schema.cursor not in names:
                continue
            table = pq.read_table(
                path,
                columns=[name for name in wanted if name in names],
                filters=pc.field(schema.cursor) >= pa.scalar(parse_iso(since)),
            )
            keys.extend(version_keys(table, schema.cursor).chunks)
        return pa.chunked_array(keys, pa.string()).combine_chunks() if keys else None

    def _read(self, task: ObjectTask) -> list[str]:
        """Read every window; returns the jobs that are done with."""
        checkpoint = task.checkpoint
        restarts = 0
        while True:
            window = next((item for item in checkpoint.windows if not item.done), None)
            if window is None:
                return [item.job_id for item in checkpoint.windows if item.job_id]
            if not window.pages and window.job_id is None:
                self._choose_transport(task, window)
            try:
                reader = rest if checkpoint.transport == "rest" else bulk
                reader.read_window(task, window)
            except UnsupportedByBulkError:
                if checkpoint.transport == "rest":
                    raise
                checkpoint.transport = "rest"
                task.reset(window)
            except StaleJobError:
                restarts += 1
                task.reset(window)
                if restarts > RESTARTS:
                    raise
            except QueryTimeoutError as error:
                task.reset(window)
                self._split(task, window, error)
            except IncompleteResultError:
                task.reset(window)
                raise

    def _choose_transport(self, task: ObjectTask, window: Window) -> None:
        """REST for few rows, Bulk for many; a count that times out means many."""
        if task.checkpoint.transport == "rest" and len(task.checkpoint.windows) > 1:
            return
        where = window.where(task.schema.cursor)
        try:
            total: int | None = self.client.count(task.name, where)
        except QueryTimeoutError:
            total = None
        self.run.display.begin(task.name, total)
        if total is not None and total <= self.run.configuration.rest_rows:
            task.checkpoint.transport = "rest"

    def _split(self, task: ObjectTask, window: Window, error: QueryTimeoutError) -> None:
        """Replace a window by its halves."""
        cursor = task.schema.cursor
        since = parse_iso(window.since) if window.since else EARLIEST
        until = parse_iso(window.until) if window.until else self.run.org.now()
        if cursor is None or until - since < SHORTEST_WINDOW:
            raise ExtractionError(
                f"{error} Its window cannot be made smaller. Ask Salesforce for an index on "
                f"{cursor or 'the object'}, or exclude costly formula fields in objects.yml."
            ) from error
        middle = iso(since + (until - since) / 2)
        index = task.checkpoint.windows.index(window)
        task.checkpoint.windows[index : index + 1] = [
            Window(window.since, middle),
            Window(middle, window.until),
        ]
        task.save()

    def _take_over(self, task: ObjectTask) -> None:
        """List the files and the watermark in the manifest, together."""
        checkpoint = task.checkpoint
        pages = [page for page in checkpoint.pages if page.file]
        record, entry = self.record, self.run.bronze.object(self.item.name)
        record["rows"] += sum(page.rows for page in pages)
        record["rows_deleted"] += sum(page.rows_deleted for page in pages)
        record["bytes"] += sum(page.bytes for page in pages)
        messages = [record["message"], task.findings.message()]
        record["message"] = "; ".join(message for message in messages if message)
        with self.run.bronze.lock:
            entry["files"].extend(
                {
                    "path": page.file,
                    "rows": page.rows,
                    "rows_deleted": page.rows_deleted,
                    "bytes": page.bytes,
                    "batch_id": checkpoint.batch_id,
                    "extracted_at": iso(parse_iso(checkpoint.extracted_at)),
                    "mode": checkpoint.mode,
                }
                for page in pages
            )
            entry["batch_id"] = checkpoint.batch_id
            entry["schema"] = [column.as_json() for column in task.schema.columns]
            entry["watermark"] = checkpoint.watermark if task.schema.cursor else None
            if checkpoint.mode == "full":
                entry["full_at"] = iso(parse_iso(checkpoint.extracted_at))
