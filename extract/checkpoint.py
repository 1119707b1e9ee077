"""What an interrupted extraction of one object has got so far, so that the next run goes on.

A checkpoint names the job, and the pages that are durable on disk. Pages may finish out of
order; the ones that are missing are found by following each page's next address from the first.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from common.durable import sync
from extract.manifest import Bronze, FileEntry, iso, parse_iso, write_json_durably

# Salesforce keeps the results of a query job for seven days.
LONGEST_LIFE_DAYS = 6
FIRST_PAGE = ""


@dataclass(slots=True)
class Page:
    """One page of a result, durable on disk; `file` is None when it holds no row to keep."""

    next: str | None
    rows_read: int
    rows: int = 0
    rows_deleted: int = 0
    bytes: int = 0
    file: str | None = None

    def file_entry(self, checkpoint: "Checkpoint", mode: str) -> FileEntry:
        """The manifest's entry of the page's file."""
        return FileEntry(
            path=self.file or "",
            rows=self.rows,
            rows_deleted=self.rows_deleted,
            bytes=self.bytes,
            batch_id=checkpoint.batch_id,
            extracted_at=iso(parse_iso(checkpoint.extracted_at)),
            mode=mode,
        )


@dataclass(slots=True)
class Window:
    """A half-open range of the cursor field, read by one job; None bounds are open."""

    since: str | None
    until: str | None
    job_id: str | None = None
    expected: int | None = None
    done: bool = False
    pages: dict[str, Page] = field(default_factory=dict)

    def where(self, cursor: str | None) -> str:
        """The SOQL condition of this window."""
        conditions = []
        if cursor and self.since:
            conditions.append(f"{cursor} >= {self.since}")
        if cursor and self.until:
            conditions.append(f"{cursor} < {self.until}")
        return f" WHERE {' AND '.join(conditions)}" if conditions else ""

    def next_missing(self) -> str | None:
        """The address of the first page that is not durable yet; None when all are."""
        address: str | None = FIRST_PAGE
        while address is not None and address in self.pages:
            address = self.pages[address].next
        return address

    def reset(self) -> None:
        """Forget the job and its pages."""
        self.job_id, self.expected, self.done = None, None, False
        self.pages = {}


@dataclass(slots=True)
class Checkpoint:
    """The state of one object's extraction; saved after every page."""

    object_name: str
    mode: str
    batch_id: str
    extracted_at: str
    watermark: str
    columns: list[str]
    windows: list[Window]
    transport: str = "bulk"

    @property
    def pages(self) -> list[Page]:
        """All durable pages."""
        return [page for window in self.windows for page in window.pages.values()]

    @property
    def file_paths(self) -> set[str]:
        """The files that belong to this extraction, relative to bronze."""
        return {page.file for page in self.pages if page.file}


class CheckpointStore:
    """The checkpoints of a bronze folder, one JSON file per object in `.checkpoint`."""

    def __init__(self, bronze: Bronze) -> None:
        """Open the folder, creating it when absent."""
        self.bronze = bronze
        self.directory = bronze.directory / ".checkpoint"
        self.directory.mkdir(exist_ok=True)

    def _path(self, object_name: str) -> Path:
        return self.directory / f"{object_name.lower()}.json"

    def save(self, checkpoint: Checkpoint) -> None:
        """Make the checkpoint durable."""
        write_json_durably(self._path(checkpoint.object_name), asdict(checkpoint))

    def load(self, object_name: str) -> Checkpoint | None:
        """The checkpoint of an object, or None; one that cannot be read counts as none."""
        try:
            document: dict[str, Any] = json.loads(
                self._path(object_name).read_text(encoding="utf-8")
            )
            windows = [
                Window(
                    **entry | {"pages": {key: Page(**page) for key, page in entry["pages"].items()}}
                )
                for entry in document.pop("windows")
            ]
            return Checkpoint(**document, windows=windows)
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return None

    def resumable(
        self, object_name: str, mode: str, columns: list[str], now: datetime
    ) -> Checkpoint | None:
        """The checkpoint to go on from: as wide, same fields, not too old, not taken over."""
        found = self.load(object_name)
        if found is None or found.columns != columns:
            return None
        if found.mode != mode and mode == "full":
            return None
        if found.batch_id == self.bronze.object(object_name).batch_id:
            return None
        age = now - parse_iso(found.extracted_at)
        if age.days >= LONGEST_LIFE_DAYS:
            return None
        if any(not (self.bronze.directory / path).exists() for path in found.file_paths):
            return None
        return found

    def discard(self, object_name: str) -> None:
        """Forget an object's checkpoint; its files become orphans unless committed."""
        self._path(object_name).unlink(missing_ok=True)
        sync(self.directory)

    def all_files(self) -> set[str]:
        """The files of all checkpoints, relative to bronze."""
        paths: set[str] = set()
        for path in self.directory.glob("*.json"):
            found = self.load(path.stem)
            if found:
                paths |= found.file_paths
        return paths


def new_checkpoint(
    object_name: str,
    mode: str,
    batch_id: str,
    extracted_at: datetime,
    watermark: datetime,
    since: datetime | None,
    columns: list[str],
) -> Checkpoint:
    """A fresh extraction of one window, open at its end."""
    window = Window(since=iso(since) if since else None, until=None)
    return Checkpoint(
        object_name, mode, batch_id, extracted_at.isoformat(), iso(watermark), columns, [window]
    )
