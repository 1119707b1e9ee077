"""A process killed at any point loses nothing, doubles nothing, and goes on where it stopped."""

import json
import signal

import pytest

from tests.extract.conftest import Extraction

BULK = {"rest_rows": 0, "bulk_page_rows": 400, "visibility_lag_minutes": 0}
POINTS = [
    ("extract.bulk:_create_job", "before", 1),
    ("extract.bulk:_create_job", "after", 1),
    ("extract.checkpoint:CheckpointStore.save", "after", 1),
    ("extract.parquet_file:NewParquetFile.finish", "before", 2),
    ("extract.parquet_file:NewParquetFile.finish", "after", 2),
    ("extract.checkpoint:CheckpointStore.save", "before", 3),
    ("extract.checkpoint:CheckpointStore.save", "after", 3),
    ("extract.bulk:delete_job", "after", 1),
    ("extract.manifest:Bronze.commit", "before", 2),
    ("extract.manifest:Bronze.commit", "after", 2),
    ("extract.checkpoint:CheckpointStore.discard", "before", 2),
    ("extract.manifest:Bronze.commit", "before", 3),
]


def crash(extraction: Extraction, point: tuple[str, str, int], *arguments: str) -> None:
    command = ["-m", "tests.extract.crash", point[0], point[1], str(point[2])]
    died = extraction.process(*command, "--config", str(extraction.configuration), *arguments)
    assert died.returncode == -signal.SIGKILL, died.stdout + died.stderr


@pytest.mark.parametrize("point", POINTS, ids=lambda point: "-".join(map(str, point)))
def test_a_full_read_killed_anywhere_ends_whole(
    extraction: Extraction, point: tuple[str, str, int]
) -> None:
    extraction.configure("Contact", **BULK)
    crash(extraction, point)
    extraction.whole()
    extraction.assert_equals_org("Contact")


def test_pages_that_are_durable_are_not_read_again(extraction: Extraction) -> None:
    extraction.configure("Usage__c", **BULK | {"bulk_page_rows": 1000})
    crash(extraction, ("extract.checkpoint:CheckpointStore.save", "after", 5))
    path = extraction.data / "bronze" / ".checkpoint" / "usage__c.json"
    (window,) = json.loads(path.read_text())["windows"]
    durable = {page["file"] for page in window["pages"].values()}
    assert len(durable) >= 3
    outcome = extraction.whole()
    assert "went on from an interrupted run" in outcome.record("Usage__c")["message"]
    listed = {file["path"] for file in outcome.manifest["objects"]["Usage__c"]["files"]}
    assert durable <= listed
    extraction.assert_equals_org("Usage__c")


def test_a_run_that_died_does_not_count_as_complete(extraction: Extraction) -> None:
    extraction.configure("Contact", **BULK)
    crash(extraction, ("extract.manifest:Bronze.commit", "before", 2))
    extraction.whole()
    statuses = [
        run["status"]
        for run in json.loads((extraction.data / "bronze" / "manifest.json").read_text())["runs"]
    ]
    assert statuses == ["incomplete", "complete"]


@pytest.mark.parametrize(
    "point",
    [
        ("extract.parquet_file:NewParquetFile.finish", "after", 1),
        ("extract.manifest:Bronze.commit", "before", 2),
        ("extract.manifest:Bronze.commit", "after", 2),
    ],
    ids=lambda point: "-".join(map(str, point)),
)
def test_an_incremental_read_killed_anywhere_ends_whole(
    extraction: Extraction, point: tuple[str, str, int]
) -> None:
    extraction.configure("Contact", **BULK)
    extraction.whole()
    extraction.sandbox.sql(
        """update "Contact" set "Title" = 'Changed', "SystemModstamp" = now()
        where "Id" in (select "Id" from "Contact" order by "Id" limit 40)"""
    )
    crash(extraction, point)
    extraction.sandbox.sql(
        """update "Contact" set "Title" = 'Changed again', "SystemModstamp" = now()
        where "Id" in (select "Id" from "Contact" order by "Id" limit 5)"""
    )
    extraction.whole()
    extraction.whole()
    extraction.assert_equals_org("Contact")


def test_compaction_killed_anywhere_changes_nothing(extraction: Extraction) -> None:
    extraction.configure("Contact", **BULK)
    extraction.whole()
    extraction.whole("--full")
    before = extraction.query("select * exclude filename from bronze order by all", "Contact")
    for point in (
        ("extract.parquet_file:NewParquetFile.finish", "after", 1),
        ("extract.manifest:Bronze.commit", "before", 1),
    ):
        died = extraction.process(
            "-m", "tests.extract.crash", point[0], point[1], str(point[2]), "compact"
        )
        assert died.returncode == -signal.SIGKILL
        after = extraction.query("select * exclude filename from bronze order by all", "Contact")
        assert after == before
