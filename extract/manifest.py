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

    def _read(self) -> dict[str, Any]:
        if not self.path.exists():
            return {"version": VERSION, "source_system": None, "objects": {}, "runs": []}
        try:
            manifest = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ExtractionError(
                f"{self.path} cannot be read ({error}). Restore it from a backup, or move the "
                f"folder {self.directory} away and extract again in full."
            ) from error
        if not isinstance(manifest, dict) or manifest.get("version") != VERSION:
            raise ExtractionError(
                f"{self.path} has a version this program does not know; it knows {VERSION}."
            )
        return manifest

    def claim(self, source_system: str) -> None:
        """Bind the folder to one org. Raises OrgMismatchError when it holds another's data."""
        known = self.manifest["source_system"]
        if known is not None and known != source_system:
            raise OrgMismatchError(
                f"{self.directory} holds data of {known}, but this is {source_system}: mixing them "
                "would mix their customers. Set CUSTOMER360_DATA to another folder for this org, "
                f"or move {self.directory} away."
            )
        self.manifest["source_system"] = source_system

    def object(self, name: str) -> dict[str, Any]:
        """The manifest's entry of an object, created when absent."""
        with self.lock:
            entry: dict[str, Any] = self.manifest["objects"].setdefault(
                name, {"status": "incomplete", "watermark": None, "schema": [], "files": []}
            )
            return entry

    def files(self, name: str) -> list[Path]:
        """The visible Parquet files of an object, oldest first."""
        entry = self.manifest["objects"].get(name, {})
        return [self.directory / file["path"] for file in entry.get("files", ())]

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
            del self.manifest["runs"][:-KEPT_RUNS]
            write_json_durably(self.path, self.manifest)

    def remove_orphans(self, keep: set[str]) -> list[Path]:
        """Delete Parquet files that neither the manifest nor `keep` (relative paths) lists.

        Only those that are a day old: a reader of an earlier manifest may still be at work.
        """
        oldest = time.time() - ORPHAN_SECONDS
        listed = {
            file["path"] for entry in self.manifest["objects"].values() for file in entry["files"]
        }
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
