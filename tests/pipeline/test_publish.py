"""Switching, rolling back and deleting builds, and what a power cut in between leaves."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from common import durable
from tests.pipeline.conftest import Pipeline
from warehouse.runner import publish as publishing
from warehouse.runner.errors import LockedError, WarehouseError
from warehouse.runner.folder import DataFolder
from warehouse.runner.lock import run_lock
from warehouse.runner.publish import build_ids, current_build_id, prune, publish, roll_back

IDS = [f"20261122T01000000{number}Z" for number in range(6)]


def publish_all(folder: DataFolder, ids: list[str]) -> None:
    for build_id in ids:
        folder.warehouse.mkdir(parents=True, exist_ok=True)
        folder.candidate.write_text(build_id)
        publish(folder, build_id)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.mark.unit
def test_rollback_and_forward(folder: DataFolder) -> None:
    publish_all(folder, IDS[:3])
    assert roll_back(folder, None) == (IDS[2], IDS[1])
    assert roll_back(folder, None) == (IDS[1], IDS[0])
    with pytest.raises(WarehouseError, match="no build older"):
        roll_back(folder, None)
    assert roll_back(folder, IDS[2]) == (IDS[0], IDS[2])
    assert folder.current.read_text() == IDS[2]
    with pytest.raises(WarehouseError, match=f"no build nonsense .* Present: {IDS[0]}"):
        roll_back(folder, "nonsense")


@pytest.mark.unit
def test_prune_keeps_the_newest_and_the_published(folder: DataFolder) -> None:
    publish_all(folder, IDS)
    roll_back(folder, IDS[1])
    pruned = prune(folder, 3)
    assert pruned.build_ids == [IDS[0], IDS[2]]
    assert pruned.bytes == sum(len(build_id) for build_id in pruned.build_ids)
    assert build_ids(folder) == [IDS[1], *IDS[3:]]
    assert current_build_id(folder) == IDS[1]


@pytest.mark.unit
def test_an_unclosed_candidate_is_not_published(folder: DataFolder) -> None:
    publish_all(folder, IDS[:1])
    folder.candidate.write_text("new")
    folder.candidate.with_name("candidate.duckdb.wal").write_text("x")
    with pytest.raises(WarehouseError, match="not closed cleanly"):
        publish(folder, IDS[1])
    assert current_build_id(folder) == IDS[0]


def test_rollback_takes_under_a_second(pipeline: Pipeline) -> None:
    current = pipeline.folder.current.resolve()
    older = current.with_name("20200101T000000000Z.duckdb")
    older.write_bytes(current.read_bytes())
    started = time.monotonic()
    completed = pipeline.run("rollback")
    seconds = time.monotonic() - started
    assert completed.returncode == 0, completed.stderr
    assert pipeline.folder.current.resolve() == older
    assert seconds < 1
    assert pipeline.query("select count(*) from gold.customer") == [(500,)]


def test_builds_lists_what_is_served(pipeline: Pipeline) -> None:
    rows = json.loads(pipeline.run("builds", "--json").stdout)
    assert [(row["is_current"], row["status"], row["customers"]) for row in rows] == [
        (True, "published", 500)
    ]
    assert rows[0]["build_id"] in pipeline.run("builds").stdout


def test_a_stale_lock_file_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    path.write_text(json.dumps({"process_id": 2**22 + 1, "command": "build"}))
    with run_lock(path, "build"), pytest.raises(LockedError, match=f"process {os.getpid()}"):  # noqa: SIM117 -- the second lock is the one that must fail
        with run_lock(path, "build"):
            pass
    with run_lock(path, "build"):
        assert json.loads(path.read_text())["process_id"] == os.getpid()


class Disk:
    """What would be on a disk after a power cut: only what was synced.

    A file's content is durable once the file was synced; a name in a folder once the folder was.
    Until then a power cut may keep either the old or the new state, so every state in which names
    appear without contents is checked.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.synced_content: set[int] = set()
        self.durable_names: dict[Path, dict[str, int | str]] = {}

    def names(self, folder: Path) -> dict[str, int | str]:
        """Return the entries of a folder now: inode of files, target of symlinks."""
        return {
            path.name: str(path.readlink()) if path.is_symlink() else path.stat().st_ino
            for path in folder.iterdir()
        }

    def sync(self, path: Path) -> None:
        """Note that a file or a folder was synced."""
        if path.is_dir():
            self.durable_names[path] = self.names(path)
        else:
            self.synced_content.add(path.stat().st_ino)

    def check(self, folder: DataFolder) -> None:
        """A reader after a power cut finds a whole file behind the symlink, old names or new."""
        for link_names in (self.durable_names[folder.warehouse], self.names(folder.warehouse)):
            target = str(link_names["current.duckdb"]).removeprefix("builds/")
            # The folder's new entries may have been lost, so the durable ones must do.
            inode = self.durable_names[folder.builds][target]
            assert inode in self.synced_content


def test_a_power_cut_never_leaves_a_link_to_a_torn_file(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_all(folder, IDS[:1])
    disk = Disk(folder.root)
    disk.sync(folder.current.resolve())
    disk.sync(folder.builds)
    disk.sync(folder.warehouse)
    states = 0

    def watched(operation: Callable[..., object]) -> Callable[..., object]:
        def run(path: Path, *arguments: object, **options: object) -> object:
            nonlocal states
            result = operation(path, *arguments, **options)
            disk.check(folder)
            states += 1
            return result

        return run

    def synced(path: Path) -> None:
        durable.sync(path)
        disk.sync(path)

    monkeypatch.setattr(publishing, "sync", watched(synced))
    monkeypatch.setattr(Path, "replace", watched(Path.replace))
    monkeypatch.setattr(Path, "symlink_to", watched(Path.symlink_to))
    folder.candidate.write_text("new")
    publish(folder, IDS[1])
    assert states == 6
    assert current_build_id(folder) == IDS[1]
