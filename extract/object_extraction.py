"""The extraction of one object within a run: plan, read, find deletes, take over."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from extract import deletes
from extract.checkpoint import Checkpoint, CheckpointStore, Page, new_checkpoint
from extract.convert import ColumnTypes, Provenance
from extract.errors import ExtractionError
from extract.manifest import Bronze, ObjectRecord, iso, parse_iso
from extract.parquet_file import read_schema, read_table
from extract.reader import read_all
from extract.schema import ObjectSchema, read_describe
from extract.task import ObjectTask
from extract.writer import PageWriter, version_keys

if TYPE_CHECKING:
    from msgspec import UnsetType

    from extract.client import Client
    from extract.run_context import RunContext
    from extract.settings import ObjectConfiguration


class ObjectExtraction:
    """The extraction of one object."""

    def __init__(
        self, run: RunContext, client: Client, item: ObjectConfiguration, record: ObjectRecord
    ) -> None:
        """Work for `run`, writing the outcome into `record`."""
        self.run = run
        self.bronze = run.bronze
        self.client = client
        self.item = item
        self.record = record
        self.entry = run.bronze.object(item.name)
        self.notes: list[str] = []

    def execute(self) -> None:
        """Read the object and list its files in the manifest, which the caller commits.

        Raises ResumableError or ExtractionError; the manifest's entry is then as it was.
        """
        describe = self.client.describe(self.item.name)
        if describe is None or not describe.get("queryable", True):
            if self.item.required:
                raise ExtractionError(
                    f"{self.item.name} is required, but the org (or this user) has no such object. "
                    "Give the user read access to it, or see docs/extraction.md."
                )
            self.record.mode, self.record.status = "full", "missing"
            self.notes.append(
                "the org has no such object; it is skipped, and its table stays empty"
            )
        else:
            schema = read_describe(describe, self.item.exclude)
            if not self._extract(schema, self._reason_for_full(schema)):
                self._extract(schema, "rows missing in bronze")
        self.record.message = "; ".join(self.notes)

    def _extract(self, schema: ObjectSchema, reason_for_full: str) -> bool:
        """Extract once; False when bronze turns out to lack rows: only a full read helps then."""
        checkpoint = self._checkpoint(schema, reason_for_full)
        self.record.mode = checkpoint.mode
        task = self._task(self.bronze, self.run.store, schema, checkpoint)
        task.known = self._known_versions(schema, checkpoint)
        snapshot = None
        if checkpoint.mode == "incremental" and self._is_reconciliation_due():
            # Before the rows: what is created in between is then no difference.
            snapshot = self._read_ids(schema, checkpoint)
        read_all(task)
        gone: list[str] = []
        if checkpoint.mode == "full":
            gone, _ = self._differences(checkpoint, None)
        elif snapshot is not None:
            gone, missing = self._differences(checkpoint, snapshot)
            if missing:
                self.notes.append(f"{missing:,} rows of the org were missing; read in full")
                return False
        elif schema.lists_deletes:
            gone = self._recently_deleted(schema, checkpoint)
        if gone:
            self.notes.append(f"{len(gone):,} rows are gone from the org")
        tombstones = self._write_tombstones(schema, checkpoint, gone)
        self._take_over(task, tombstones, is_reconciled=snapshot is not None)
        return True

    def _task(
        self, bronze: Bronze, store: CheckpointStore, schema: ObjectSchema, checkpoint: Checkpoint
    ) -> ObjectTask:
        display = self.run.display
        return ObjectTask(
            client=self.client,
            bronze=bronze,
            store=store,
            schema=schema,
            checkpoint=checkpoint,
            columns=ColumnTypes(schema),
            page_slots=self.run.page_slots,
            source_system=self.bronze.source_system,
            rest_rows=self.run.configuration.rest_rows,
            bulk_page_rows=self.run.configuration.bulk_page_rows,
            on_total=lambda total: display.begin(self.item.name, total),
            on_rows=lambda rows: display.advance(self.item.name, rows),
        )

    def _checkpoint(self, schema: ObjectSchema, reason_for_full: str) -> Checkpoint:
        """Go on from an interrupted extraction, or plan a new one."""
        run, name = self.run, self.item.name
        mode = "full" if reason_for_full else "incremental"
        found = run.store.resumable(name, mode, list(schema.names), run.org.now())
        if found:
            self.notes.append("went on from an interrupted run")
            return found
        run.store.discard(name)
        now = run.org.now()
        watermark = now - timedelta(minutes=run.configuration.visibility_lag_minutes)
        since = None
        if mode == "incremental" and self.entry.watermark:
            look_back = timedelta(minutes=run.configuration.look_back_minutes)
            since = parse_iso(self.entry.watermark) - look_back
        return new_checkpoint(
            name, mode, run.batch_id, datetime.now(UTC), watermark, since, list(schema.names)
        )

    def _reason_for_full(self, schema: ObjectSchema) -> str:
        """Why the object has to be read in full; empty when an incremental read is enough."""
        if self.run.is_full_asked:
            return "asked for"
        if not self.entry.watermark or schema.cursor is None:
            return "first"
        before = {column.name: column.source_type for column in self.entry.schema}
        if any(before.get(column.name) != column.source_type for column in schema.columns):
            self.notes.append("fields are new or retyped: read in full")
            return "new or retyped fields"
        full_refresh_days = self.run.configuration.full_refresh_days
        if schema.has_calculated and _is_due(self.entry.full_at, full_refresh_days):
            self.notes.append("read in full for its calculated fields")
            return "calculated fields"
        return ""

    def _is_reconciliation_due(self) -> bool:
        return _is_due(self.entry.reconciled_at, self.run.configuration.reconciliation_days)

    def _known_versions(self, schema: ObjectSchema, checkpoint: Checkpoint) -> pa.Array | None:
        """The versions in bronze that the look-back window will show again."""
        since = checkpoint.windows[0].since
        if checkpoint.mode != "incremental" or since is None or schema.cursor is None:
            return None
        keys: list[pa.Array] = []
        for path in self.bronze.files(self.item.name):
            names = read_schema(path).names
            if schema.cursor not in names:
                continue
            table = read_table(
                path,
                [name for name in ("Id", schema.cursor, "IsDeleted") if name in names],
                pc.field(schema.cursor) >= pa.scalar(parse_iso(since)),
            )
            keys.extend(version_keys(table, schema.cursor).chunks)
        return pa.chunked_array(keys, pa.string()).combine_chunks() if keys else None

    def _read_ids(self, schema: ObjectSchema, checkpoint: Checkpoint) -> Bronze:
        """Read all ids of the org into a scratch folder, resumable like any read."""
        columns = tuple(item for item in schema.columns if item.name in ("Id", "IsDeleted"))
        ids_schema = ObjectSchema(schema.object_name, columns)
        scratch = Bronze(self.bronze.directory / ".temporary" / self.item.name.lower())
        store = CheckpointStore(scratch)
        names = list(ids_schema.names)
        found = store.resumable(self.item.name, "full", names, self.run.org.now())
        if found is None or found.batch_id != checkpoint.batch_id:
            shutil.rmtree(scratch.directory)
            scratch = Bronze(scratch.directory)
            store = CheckpointStore(scratch)
            now = datetime.now(UTC)
            found = new_checkpoint(
                self.item.name, "full", checkpoint.batch_id, now, now, None, names
            )
        read_all(self._task(scratch, store, ids_schema, found))
        with scratch.lock:
            scratch.object(self.item.name).files = [
                page.file_entry(found, "full") for page in found.pages if page.file
            ]
        return scratch

    def _differences(
        self, checkpoint: Checkpoint, snapshot: Bronze | None
    ) -> tuple[list[str], int]:
        """Ids gone from the org, and how many of the org's are missing in bronze."""
        read = [self.bronze.directory / page.file for page in checkpoint.pages if page.file]
        return deletes.differences(
            self.bronze,
            earlier=self.bronze.files(self.item.name),
            read=read,
            snapshot=snapshot.files(self.item.name) if snapshot else None,
        )

    def _recently_deleted(self, schema: ObjectSchema, checkpoint: Checkpoint) -> list[str]:
        """Ids that the org lists as deleted since the last run and that bronze still has live."""
        window = checkpoint.windows[0]
        if window.since is None:
            return []
        deleted = deletes.recently_deleted(
            self.client, self.item.name, parse_iso(window.since), self.run.org.now()
        )
        if deleted is None:
            self.notes.append("the org keeps no list of its deletes that far back")
            return []
        read = [self.bronze.directory / page.file for page in checkpoint.pages if page.file]
        files = [*self.bronze.files(self.item.name), *read]
        return deletes.still_live(self.bronze, files, deleted, schema.cursor)

    def _write_tombstones(
        self, schema: ObjectSchema, checkpoint: Checkpoint, ids: list[str]
    ) -> Page | None:
        if not ids:
            return None
        origin = Provenance(
            checkpoint.batch_id,
            self.bronze.source_system,
            parse_iso(checkpoint.extracted_at),
        )
        writer = PageWriter(self.bronze, self.item.name, origin)
        for batch in deletes.tombstones(schema, ids):
            writer.add(batch)
        return writer.finish()

    def _take_over(self, task: ObjectTask, tombstones: Page | None, *, is_reconciled: bool) -> None:
        """List the files and the watermark in the manifest, together."""
        checkpoint, record = task.checkpoint, self.record
        files = [(page, checkpoint.mode) for page in checkpoint.pages if page.file]
        if tombstones:
            files.append((tombstones, "deleted"))
        record.rows = sum(page.rows for page, _ in files)
        record.rows_deleted = sum(page.rows_deleted for page, _ in files)
        record.bytes = sum(page.bytes for page, _ in files)
        self.notes.append(task.findings.message())
        self.notes = [note for note in self.notes if note]
        extracted_at = iso(parse_iso(checkpoint.extracted_at))
        entry = self.entry
        with self.bronze.lock:
            entry.files.extend(page.file_entry(checkpoint, mode) for page, mode in files)
            entry.batch_id = checkpoint.batch_id
            entry.schema = [column.entry() for column in task.schema.columns]
            entry.watermark = checkpoint.watermark if task.schema.cursor else None
            if checkpoint.mode == "full":
                entry.full_at = extracted_at
            if checkpoint.mode == "full" or is_reconciled:
                entry.reconciled_at = extracted_at


def _is_due(done_at: str | UnsetType, days: float) -> bool:
    """Whether what was done at a moment is to be done again after so many days (0: never)."""
    if not days or not done_at:
        return False
    return bool(datetime.now(UTC) - parse_iso(done_at) >= timedelta(days=days))
