"""A disk that fills up stops an extraction in words, and with room it goes on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.extract.conftest import Extraction, Sandbox

INCOMPLETE = 3


@pytest.fixture
def small_disk(
    tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> Iterator[Extraction]:
    """An empty data folder on a file system of its own, of 4 MiB."""
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield Extraction(tmp_path, sandbox, capsys)
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@pytest.mark.parametrize("free", [0, 40_000, 200_000])
@pytest.mark.parametrize("rest_rows", [0, 1_000_000])
def test_a_full_disk_is_told_and_the_next_run_goes_on(
    small_disk: Extraction, free: int, rest_rows: int
) -> None:
    small_disk.configure("Account", rest_rows=rest_rows)
    small_disk.whole()
    small_disk.configure("Account", "Usage__c", rest_rows=rest_rows)
    ballast = small_disk.data / "ballast"
    with ballast.open("wb") as file:
        room = shutil.disk_usage(small_disk.data).free - free
        os.posix_fallocate(file.fileno(), 0, room)
    outcome = small_disk()
    assert outcome.code == INCOMPLETE, outcome.output + outcome.errors
    assert "No space left on device" in outcome.output + outcome.errors
    assert "Traceback" not in outcome.errors
    assert outcome.manifest["objects"].get("Usage__c", {"status": "incomplete"})["status"] == (
        "incomplete"
    )
    small_disk.assert_equals_org("Account")
    ballast.unlink()
    small_disk.whole()
    small_disk.assert_equals_org("Account")
    small_disk.assert_equals_org("Usage__c")
