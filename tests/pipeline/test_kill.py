"""A run that is killed at any point leaves the published warehouse whole, and the next recovers."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import psutil
import pytest

from tests.pipeline.conftest import Pipeline
from warehouse.runner.folder import PROJECT_ROOT
from warehouse.runner.publish import build_ids, current_build_id

KILLS_AT_RANDOM_TIMES = 14
KILLS_AT_CHANGES = 36

# dbt's work takes seconds, what comes after it takes milliseconds. So that fifty kills fit into
# a test, most of them hit a run whose dbt only puts a finished candidate in place.
FINISHED_BUILD = """\
import shutil, sys
from tests.pipeline.kill_on_event import install
from warehouse import __main__
from warehouse.runner import dbt_process
from warehouse.runner.dbt_process import Finished

candidate, point, folder = sys.argv[1:4]

def built(self, arguments, environment, inherited):
    shutil.copy(candidate, environment["CUSTOMER360_WAREHOUSE_FILE"])
    self.total = 5
    return Finished(0, 0.1, 1)

dbt_process.DbtRun.run = built
sys.argv[1:] = ["build", "--json"]
install(int(point), folder)
__main__.main()
"""


def assert_published_is_whole(pipeline: Pipeline, served: str | None) -> str:
    """Check that what is served is a whole build, and return its id."""
    current = current_build_id(pipeline.folder)
    assert current is not None
    assert current >= (served or "")
    assert pipeline.query("select count(*), count(distinct customer_id) from gold.customer") == [
        (500, 500)
    ]
    # The build's own record is the last thing that is written before publishing.
    assert pipeline.query(
        f"select status, customers from ops.pipeline_run where build_id = '{current}'"
    ) == [("published", 500)]
    assert pipeline.query("select count(*) from ops.test_result where status = 'fail'") == [(0,)]
    return current


def wait_for_children(children: list[psutil.Process]) -> None:
    """Check that what a killed run had started ends with it."""
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []


def test_killed_at_random_times(pipeline: Pipeline) -> None:
    chance = random.Random(20261123)  # noqa: S311 -- repeatable, not secret
    served: str | None = None
    started = time.monotonic()
    pipeline.build()
    length = time.monotonic() - started
    for _ in range(KILLS_AT_RANDOM_TIMES):
        run = subprocess.Popen(
            [sys.executable, "-m", "warehouse", "build"],
            cwd=PROJECT_ROOT,
            env=pipeline.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        time.sleep(chance.uniform(0, length))
        children = psutil.Process(run.pid).children(recursive=True) if run.poll() is None else []
        run.send_signal(signal.SIGKILL)
        _, errors = run.communicate()
        assert run.returncode in (0, -signal.SIGKILL), errors.decode()
        wait_for_children(children)
        served = assert_published_is_whole(pipeline, served)
    assert pipeline.build()["build_id"] > (served or "")
    statuses = pipeline.query("select status from ops.pipeline_run order by build_id")
    assert ("died",) in statuses
    assert statuses[-1] == ("published",)


def test_killed_before_each_change_of_the_disk(pipeline: Pipeline, tmp_path: Path) -> None:
    candidate = tmp_path / "built.duckdb"
    # The candidate as dbt leaves it, with schemas that are not published.
    shutil.copy(pipeline.folder.current.resolve(), candidate)
    with duckdb.connect(candidate) as connection:
        connection.execute("create schema bronze; create view bronze.v as select 1")
        connection.execute("create schema intermediate; create table intermediate.t as select 1")
    served = current_build_id(pipeline.folder)
    environment = pipeline.environment | {"PYTHONPATH": os.fspath(PROJECT_ROOT)}
    kills = 0
    for point in range(1, KILLS_AT_CHANGES + 20):
        arguments = [str(candidate), str(point), str(pipeline.folder.warehouse)]
        completed = subprocess.run(
            [sys.executable, "-c", FINISHED_BUILD, *arguments],
            cwd=PROJECT_ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        served = assert_published_is_whole(pipeline, served)
        if completed.returncode == 0:
            break
        assert completed.returncode == -signal.SIGKILL, completed.stderr
        kills += 1
    else:
        pytest.fail("the run changes the disk more often than the test expects")
    assert kills >= KILLS_AT_CHANGES
    assert build_ids(pipeline.folder)[-1] == served
    assert not pipeline.folder.candidate.exists()
