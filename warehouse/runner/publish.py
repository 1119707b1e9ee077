"""Publish, roll back and delete builds: the only code that touches what users are served."""

import re
from dataclasses import dataclass
from pathlib import Path

from common.durable import sync
from common.lock import waiting
from warehouse.runner.errors import WarehouseError
from warehouse.runner.folder import DataFolder

KEPT_BUILDS = 3
BUILD_ID = re.compile(r"\d{8}T\d{9}Z")


def build_path(folder: DataFolder, build_id: str) -> Path:
    """Return where a published build lies."""
    return folder.builds / f"{build_id}.duckdb"


def current_build_id(folder: DataFolder) -> str | None:
    """Return the id of the published build, None before the first one."""
    if not folder.current.exists():
        return None
    return folder.current.resolve().stem


def build_ids(folder: DataFolder) -> list[str]:
    """Return the ids of the builds on disk, oldest first."""
    return sorted(
        path.stem for path in folder.builds.glob("*.duckdb") if BUILD_ID.fullmatch(path.stem)
    )


def _point_current_at(folder: DataFolder, build_id: str) -> None:
    """Switch the symlink in one step, so that a reader sees the old build or the new one."""
    link = folder.warehouse / "current.duckdb.next"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("builds") / f"{build_id}.duckdb")
    link.replace(folder.current)
    sync(folder.warehouse)


def publish(folder: DataFolder, build_id: str) -> Path:
    """Make the finished candidate the published build and return its path.

    Each step is on the disk before the next one starts (content, then the name in builds/, then
    the symlink), so a power cut between any two leaves a symlink to a whole file.

    Raises:
        WarehouseError: the candidate still has a write-ahead log, so it was not closed cleanly.
    """
    wal = folder.candidate.with_name(f"{folder.candidate.name}.wal")
    if wal.exists():
        raise WarehouseError(
            f"The candidate {folder.candidate} was not closed cleanly ({wal.name} exists); "
            "it is not published. Run the build again."
        )
    target = build_path(folder, build_id)
    with waiting(folder.publish_lock):
        folder.builds.mkdir(exist_ok=True)
        sync(folder.candidate)
        folder.candidate.replace(target)
        sync(folder.builds)
        _point_current_at(folder, build_id)
    return target


def roll_back(folder: DataFolder, build_id: str | None) -> tuple[str, str]:
    """Point `current.duckdb` at an older build and return (the build left, the build now served).

    Args:
        folder: the data folder.
        build_id: the build to serve; None takes the newest one older than the published.

    Raises:
        WarehouseError: there is no such build.
    """
    with waiting(folder.publish_lock):
        present, current = build_ids(folder), current_build_id(folder)
        if current is None:
            raise WarehouseError(
                f"Nothing is published in {folder.warehouse}: run `python -m warehouse build`."
            )
        older = [candidate for candidate in present if candidate < current]
        if build_id is None and not older:
            raise WarehouseError(
                f"There is no build older than the published one ({current}) to roll back to."
            )
        chosen = build_id or older[-1]
        if chosen not in present:
            raise WarehouseError(
                f"There is no build {chosen} in {folder.builds}. "
                f"Present: {', '.join(present) or 'none'}."
            )
        _point_current_at(folder, chosen)
    return current, chosen


@dataclass(frozen=True)
class Pruned:
    """What a prune deleted."""

    build_ids: list[str]
    bytes: int


def prune(folder: DataFolder, keep: int = KEPT_BUILDS) -> Pruned:
    """Delete all but the newest `keep` builds; the published one always stays.

    A process that has a deleted build open goes on reading it: the file's space is freed when the
    last reader closes it.
    """
    deleted, size = [], 0
    with waiting(folder.publish_lock):
        current = current_build_id(folder)
        present = build_ids(folder)
        for build_id in present[: max(0, len(present) - keep)]:
            if build_id != current:
                path = build_path(folder, build_id)
                size += path.stat().st_size
                path.unlink()
                deleted.append(build_id)
    return Pruned(deleted, size)
