"""The bronze folder: Parquet files, and the manifest that alone makes them visible.

A file counts only when the manifest lists it. The data are durable before the manifest that
lists them is, and the manifest is replaced atomically, watermark and files together: a crash at
any point leaves the manifest before or the manifest after, both true.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from common.durable import sync, write_durably
from common.lock import HeldError, exclusive
from extract.errors import ExtractionError, OrgMismatchError

VERSION = 1
KEPT_RUNS = 1000
ORPHAN_SECONDS = 24 * 3600


def iso(moment: datetime) -> str:
    """A UTC timestamp as the manifest and SOQL write it, to the millisecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def parse_iso(text: str) -> datetime:
    """The inverse of `iso`."""
    return datetime.fromisoformat(text)


class FileEntry(msgspec.Struct, kw_only=True):
    """One Parquet file that counts; `path` is relative to the bronze folder."""

    path: str
    rows: int
    rows_deleted: int
    bytes: int
    batch_id: str | None
    extracted_at: str
    # The newest row's, where a file was merged of several.
    extracted_until: str | UnsetType = UNSET
    mode: str


class ColumnEntry(msgspec.Struct, kw_only=True):
    """One column of an object: its type in bronze, and in the org where it comes from one."""

    name: str
    type: str
    source_type: str | UnsetType = UNSET
    calculated: bool | UnsetType = UNSET


class ObjectEntry(msgspec.Struct, kw_only=True):
    """What is known of one object: how far it was read, and its files, oldest first."""

    status: str = "incomplete"
    watermark: str | None = None
    schema: list[ColumnEntry] = []
    files: list[FileEntry] = []
    batch_id: str | UnsetType = UNSET
    full_at: str | UnsetType = UNSET
    reconciled_at: str | UnsetType = UNSET


class ObjectRecord(msgspec.Struct, kw_only=True):
    """How one run fared with one object."""

    object: str
    mode: str = ""
    status: str = "complete"
    rows: int = 0
    rows_deleted: int = 0
    bytes: int = 0
    api_calls: int = 0
    retries: int = 0
    seconds: float = 0.0
    watermark: str | None = None
    message: str = ""


class RunRecord(msgspec.Struct, kw_only=True):
    """One run, with the objects in the order of objects.yml once it has ended."""

    batch_id: str
    mode: str
    status: str = "running"
    started_at: str
    finished_at: str | None = None
    objects: list[ObjectRecord] = []
    seconds: float | UnsetType = UNSET


class Manifest(msgspec.Struct, kw_only=True):
    """The whole manifest, as manifest.json has it."""

    version: int = VERSION
    source_system: str | None = None
    objects: dict[str, ObjectEntry] = {}
    runs: list[RunRecord] = []


def write_json_durably(path: Path, document: object) -> None:
    """Replace a JSON file atomically and durably."""
    write_durably(path, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


class Bronze:
    """The bronze folder under its lock; one process writes to it at a time."""

    def __init__(self, directory: Path) -> None:
        """Open a folder, creating it when absent. Raises ExtractionError for a broken manifest."""
        self.directory = directory
        self.path = directory / "manifest.json"
        self.lock = threading.RLock()
        directory.mkdir(parents=True, exist_ok=True)
        self.manifest = self._read()

    def _read(self) -> Manifest:
        if not self.path.exists():
            return Manifest()
        try:
            content = self.path.read_bytes()
            version = msgspec.json.decode(content, type=dict[str, Any]).get("version")
            if version == VERSION:
                return msgspec.json.decode(content, type=Manifest)
        except (OSError, ValueError) as error:
            raise ExtractionError(
                f"{self.path} cannot be read ({error}). Restore it from a backup, or move the "
                f"folder {self.directory} away and extract again in full."
            ) from error
        raise ExtractionError(
            f"{self.path} has a version this program does not know; it knows {VERSION}."
        )

    def claim(self, source_system: str) -> None:
        """Bind the folder to one org. Raises OrgMismatchError when it holds another's data."""
        known = self.manifest.source_system
        if known is not None and known != source_system:
            raise OrgMismatchError(
                f"{self.directory} holds data of {known}, but this is {source_system}: mixing them "
                "would mix their customers. Set CUSTOMER360_DATA to another folder for this org, "
                f"or move {self.directory} away."
            )
        self.manifest.source_system = source_system

    @property
    def source_system(self) -> str:
        """The org that the folder is bound to; empty before it is claimed."""
        return self.manifest.source_system or ""

    def object(self, name: str) -> ObjectEntry:
        """The manifest's entry of an object, created when absent."""
        with self.lock:
            return self.manifest.objects.setdefault(name, ObjectEntry())

    def files(self, name: str) -> list[Path]:
        """The visible Parquet files of an object, oldest first."""
        entry = self.manifest.objects.get(name, ObjectEntry())
        return [self.directory / file.path for file in entry.files]

    def folder(self, name: str) -> Path:
        """The folder of an object's files, created when absent."""
        folder = self.directory / name.lower()
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            sync(self.directory)
        return folder

    def new_file(self, name: str) -> Path:
        """A new, empty file for an object's rows, not visible until it is committed."""
        folder = self.folder(name)
        while True:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
            path = folder / f"bronze_{name.lower()}_{stamp}.parquet"
            try:
                path.touch(exist_ok=False)
            except FileExistsError:
                continue
            return path

    def commit(self) -> None:
        """Make the manifest in memory the one that counts; the files it lists must be durable."""
        with self.lock:
            del self.manifest.runs[:-KEPT_RUNS]
            write_json_durably(self.path, msgspec.to_builtins(self.manifest))

    def remove_orphans(self, keep: set[str]) -> list[Path]:
        """Delete Parquet files that neither the manifest nor `keep` (relative paths) lists.

        Only those that are a day old: a reader of an earlier manifest may still be at work.
        """
        oldest = time.time() - ORPHAN_SECONDS
        listed = {file.path for entry in self.manifest.objects.values() for file in entry.files}
        removed = []
        for path in sorted(self.directory.glob("*/bronze_*.parquet")):
            if path.relative_to(self.directory).as_posix() in listed | keep:
                continue
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed.append(path)
        return removed


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the folder's lock; the system releases it when the process dies, however it dies.

    Raises:
        ExtractionError: another process holds it.
    """
    try:
        with exclusive(directory / ".lock", "python -m extract"):
            yield
    except HeldError as held:
        raise ExtractionError(
            f"Another extraction (process {held.process_id}, since {held.started_at}) is writing "
            f"to {directory}. Wait for it."
        ) from None
