"""What the reading of one object needs, whichever way its rows come."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

from extract.checkpoint import Checkpoint, CheckpointStore, Page, Window
from extract.client import Client
from extract.convert import ColumnTypes, Findings, Provenance
from extract.manifest import Bronze, parse_iso
from extract.schema import ObjectSchema
from extract.writer import PageWriter

# Pages that are downloaded and converted at the same time, over all objects.
PARALLEL_PAGES = 3


@dataclass(slots=True)
class ObjectTask:
    """One object's extraction in progress."""

    client: Client
    bronze: Bronze
    store: CheckpointStore
    schema: ObjectSchema
    checkpoint: Checkpoint
    columns: ColumnTypes
    page_slots: threading.BoundedSemaphore
    source_system: str
    rest_rows: int
    bulk_page_rows: int
    known: pa.Array | None = None
    on_total: Callable[[int | None], None] = lambda _: None
    on_rows: Callable[[int], None] = lambda _: None
    findings: Findings = field(default_factory=Findings)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        """The object's API name."""
        return self.schema.object_name

    def writer(self) -> PageWriter:
        """A writer for the next page."""
        origin = Provenance(
            self.checkpoint.batch_id, self.source_system, parse_iso(self.checkpoint.extracted_at)
        )
        return PageWriter(self.bronze, self.name, origin, self.known, self.schema.cursor)

    def save(self) -> None:
        """Make the checkpoint durable, from any thread."""
        with self.lock:
            self.store.save(self.checkpoint)

    def add_page(self, window: Window, address: str, page: Page, findings: Findings) -> None:
        """Record a durable page."""
        with self.lock:
            window.pages[address] = page
            self.findings.add(findings)
            self.store.save(self.checkpoint)

    def reset(self, window: Window) -> None:
        """Start a window again: forget its job and remove its files."""
        for page in window.pages.values():
            if page.file:
                (self.bronze.directory / page.file).unlink(missing_ok=True)
        window.reset()
        self.save()
