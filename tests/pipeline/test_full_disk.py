"""A disk that fills up fails the run in words, leaves what is published, and the next one works."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.conftest import PROJECT, Pipeline
from tests.pipeline.test_kill import FINISHED_BUILD, assert_published_is_whole
from warehouse.runner.folder import PROJECT_ROOT
from warehouse.runner.publish import current_build_id

DISK_BYTES = 64 << 20
NEVER = "1000000"


@pytest.fixture
def small_disk(published_pipeline: Pipeline, tmp_path: Path) -> Iterator[Pipeline]:
    """A copy of the published data folder on a file system of its own, of 64 MiB."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(mounted)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        root = mounted / "data"
        shutil.copytree(published_pipeline.root, root, symlinks=True)
        yield Pipeline(root, PROJECT)
    finally:
        subprocess.run(["umount", "--lazy", str(mounted)], check=True)


def leave_free(pipeline: Pipeline, size: int) -> None:
    """Fill the disk up to so many bytes."""
    ballast = pipeline.root / "ballast"
    ballast.unlink(missing_ok=True)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(pipeline.root).free - size)


def assert_failed_in_words(completed: subprocess.CompletedProcess[str]) -> None:
    """Check for one clear error, without a stack trace."""
    assert completed.returncode == 1, completed.stderr
    assert "Traceback" not in completed.stderr, completed.stderr
    assert "is full" in completed.stderr, completed.stderr


def test_dbt_meets_a_full_disk(small_disk: Pipeline) -> None:
    served = current_build_id(small_disk.folder)
    leave_free(small_disk, 2_500_000)
    assert_failed_in_words(small_disk.run("build", "--json"))
    assert assert_published_is_whole(small_disk, served) == served
    (small_disk.root / "ballast").unlink()
    assert small_disk.build()["build_id"] > (served or "")


def test_the_rest_of_the_run_meets_a_full_disk(small_disk: Pipeline, tmp_path: Path) -> None:
    candidate = tmp_path / "built.duckdb"
    shutil.copy(small_disk.folder.current.resolve(), candidate)
    size = candidate.stat().st_size
    served = current_build_id(small_disk.folder)
    environment = small_disk.environment | {"PYTHONPATH": os.fspath(PROJECT_ROOT)}
    command = [sys.executable, "-c", FINISHED_BUILD, str(candidate), NEVER, "/nowhere"]
    codes = []
    for beyond in (-size, 4096 - size, 0, 65536, 4 << 20):
        leave_free(small_disk, size + beyond)
        completed = subprocess.run(
            command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False
        )
        codes.append(completed.returncode)
        if completed.returncode:
            assert_failed_in_words(completed)
        served = assert_published_is_whole(small_disk, served)
    assert codes[0] == codes[2] == 1
    assert codes[-1] == 0
