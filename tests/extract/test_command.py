"""The command line: exit codes, what it prints, and the sandbox org it starts by itself."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from salesforce.settings import SETTING_NAMES
from tests.extract.conftest import ROOT, Extraction


def environment(data: Path) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in SETTING_NAMES}
    return plain | {"CUSTOMER360_DATA": str(data), "CUSTOMER360_SANDBOX_ACCOUNTS": "200"}


def test_row_counts_equal_the_orgs(extraction: Extraction) -> None:
    outcome = extraction.whole("--config", str(ROOT / "extract" / "objects.yml"))
    assert len(outcome.run["objects"]) == 15
    for record in outcome.run["objects"]:
        name = record["object"]
        condition = 'where not "IsDeleted"' if name not in NO_DELETES else ""
        expected = extraction.sandbox.sql(f'select count(*) from "{name}" {condition}')[0][0]
        assert record["rows"] == expected, name
        files = outcome.manifest["objects"][name]["files"]
        assert sum(file["rows"] for file in files) == expected
        assert record["bytes"] == sum(
            (extraction.data / "bronze" / file["path"]).stat().st_size for file in files
        )
        assert record["api_calls"] > 0


NO_DELETES = ("User", "DatedConversionRate", "CurrencyType")


def test_files_are_snappy_parquet_with_provenance(extraction: Extraction) -> None:
    outcome = extraction.whole()
    (file,) = outcome.manifest["objects"]["Account"]["files"]
    assert file["path"].startswith("account/bronze_account_2")
    path = extraction.data / "bronze" / file["path"]
    codecs = extraction.query(f"select distinct compression from parquet_metadata('{path}')")
    assert codecs == [("SNAPPY",)]
    (row,) = extraction.query(
        "select distinct _source_system, _batch_id, typeof(_extracted_at), typeof(IsDeleted), "
        "typeof(Open_Case_Count__c), typeof(NumberOfEmployees), typeof(CreatedDate) from bronze"
    )
    assert row == (
        outcome.manifest["source_system"],
        outcome.run["batch_id"],
        "TIMESTAMP WITH TIME ZONE",
        "BOOLEAN",
        "DECIMAL(18,0)",
        "BIGINT",
        "TIMESTAMP WITH TIME ZONE",
    )


def test_rest_and_bulk_give_the_same_rows(extraction: Extraction) -> None:
    columns = "* exclude (_extracted_at, _batch_id, filename)"
    found = []
    for rest_rows in (0, 1_000_000):
        extraction.configure("Opportunity", rest_rows=rest_rows)
        extraction.whole("--full")
        found.append(
            extraction.query(
                f"select {columns} from bronze where _extracted_at = "
                "(select max(_extracted_at) from bronze) order by Id",
                "Opportunity",
            )
        )
    assert found[0] == found[1]
    assert len(found[0]) > 100


def test_only_chosen_objects(extraction: Extraction) -> None:
    extraction.configure("Account", "Contact", "Product2")
    outcome = extraction.whole("--objects", "account,Product2")
    assert [record["object"] for record in outcome.run["objects"]] == ["Account", "Product2"]
    outcome = extraction("--objects", "Acount")
    assert outcome.code == 1
    assert "does not list Acount" in outcome.errors


def test_plain_output_without_a_terminal(extraction: Extraction) -> None:
    outcome = extraction.whole()
    assert "Account: complete, " in outcome.output
    assert "\x1b" not in outcome.output
    assert "rows/s" in outcome.output


def test_another_org_is_not_mixed_in(extraction: Extraction) -> None:
    extraction.whole()
    path = extraction.data / "bronze" / "manifest.json"
    path.write_text(path.read_text().replace("salesforce:00D", "salesforce:11D"))
    outcome = extraction()
    assert outcome.code == 1
    assert "CUSTOMER360_DATA" in outcome.errors


def test_a_broken_manifest_is_one_clear_error(extraction: Extraction) -> None:
    path = extraction.data / "bronze" / "manifest.json"
    path.parent.mkdir()
    path.write_text("{")
    outcome = extraction()
    assert outcome.code == 1
    assert "manifest.json cannot be read" in outcome.errors


def test_a_second_extraction_waits_outside(extraction: Extraction) -> None:
    directory = extraction.data / "bronze"
    directory.mkdir()
    holder = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            (
                "import sys, pathlib; from extract.manifest import locked\n"
                f"with locked(pathlib.Path({str(directory)!r})):\n"
                "    print('held', flush=True); sys.stdin.read()"
            ),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    outcome = extraction()
    holder.kill()
    holder.communicate()
    assert outcome.code == 1
    assert f"process {holder.pid}" in outcome.errors
    extraction.whole()


def test_an_interrupted_run_says_so_and_goes_on(extraction: Extraction) -> None:
    extraction.configure("Usage__c", rest_rows=0, bulk_page_rows=300)
    extraction.sandbox.switch(slow_seconds=0.3)
    process = subprocess.Popen(
        [sys.executable, "-m", "extract", "--config", str(extraction.configuration)],
        cwd=ROOT,
        env=environment(extraction.data) | extraction.environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    checkpoint = extraction.data / "bronze" / ".checkpoint" / "usage__c.json"
    while process.poll() is None and not (
        checkpoint.exists() and ".parquet" in checkpoint.read_text()
    ):
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 3
    assert "run again to go on" in errors
    assert "Traceback" not in errors
    extraction.sandbox.switch()
    extraction.whole()
    extraction.assert_equals_org("Usage__c")


def test_the_log_is_json_without_field_values(extraction: Extraction) -> None:
    extraction.whole()
    lines = (extraction.data / "logs" / "extract.jsonl").read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["event"] for event in events] == ["signed in", "object", "ended"]
    assert events[1]["rows"] > 0
    names = extraction.query("select Name from bronze where length(Name) > 8 limit 20")
    assert not [name for (name,) in names if name in "\n".join(lines)]


def test_memory_stays_flat(extraction: Extraction) -> None:
    extraction.sandbox.sql(
        """create or replace table "Usage_backup" as from "Usage__c";
        insert into "Usage__c" select u.* replace (
            left(u."Id", 8) || lpad(n::varchar, 3, '0') || right(u."Id", 7) as "Id")
        from "Usage__c" u, range(1, 40) t(n)"""
    )
    try:
        extraction.configure("Usage__c", rest_rows=0)
        probe = (
            "import pathlib, runpy, sys\n"
            f"sys.argv = ['extract', '--config', {str(extraction.configuration)!r}]\n"
            "try:\n    runpy.run_module('extract', run_name='__main__')\n"
            "except SystemExit as end:\n    assert not end.code, end.code\n"
            # Not the usage record: that starts from what the parent held when it forked.
            "status = pathlib.Path('/proc/self/status').read_text()\n"
            "print('KiB', status.partition('VmHWM:')[2].split()[0])\n"
        )
        done = extraction.process("-c", probe)
        assert done.returncode == 0, done.stderr
        assert int(done.stdout.rpartition("KiB")[2]) < 400 * 1024
        manifest = json.loads((extraction.data / "bronze" / "manifest.json").read_text())
        assert manifest["runs"][-1]["objects"][0]["rows"] > 200_000
    finally:
        extraction.sandbox.sql(
            'delete from "Usage__c"; insert into "Usage__c" from "Usage_backup"; '
            'drop table "Usage_backup"'
        )


def test_without_settings_the_sandbox_org_is_served_for_the_run(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "extract", "--objects", "Account"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "bronze" / "manifest.json").exists()
    assert not (tmp_path / "sandbox" / "connection.json").exists()
    assert servers(tmp_path) == []


def servers(data: Path) -> list[int]:
    """Processes of a sandbox org that serve from this folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "extract.sandbox" in words and str(data / "sandbox") in words:
            found.append(process.pid)
    return found


def test_the_server_ends_with_an_extraction_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "extract", "--objects", "Usage__c"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path))
    deadline = time.monotonic() + 60
    while not (tmp_path / "sandbox" / "connection.json").exists():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while servers(tmp_path):
        assert time.monotonic() < deadline, "the sandbox org still runs"
        time.sleep(0.1)


@pytest.mark.parametrize("accounts", ["many", "-5"])
def test_a_server_that_does_not_start_is_one_clear_error(tmp_path: Path, accounts: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "extract"],
        cwd=ROOT,
        env=environment(tmp_path) | {"CUSTOMER360_SANDBOX_ACCOUNTS": accounts},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "The sandbox org did not start" in done.stderr
    assert servers(tmp_path) == []


def test_help_teaches(extraction: Extraction) -> None:
    done = extraction.process("-m", "extract", "--help")
    for words in ("check", "rates", "compact", "exit codes", "examples", "--full"):
        assert words in done.stdout
