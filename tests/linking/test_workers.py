"""Functions on all cores: the same answers, clear errors, and no process left behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import psutil
import pyarrow as pa
import pytest

from warehouse.functions import arrow, plugin, workers

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


def names(count: int) -> list[str]:
    """Names with a legal form and a number each."""
    return [f"The {number} Müller Telecom Group GmbH" for number in range(count)]


def started(pool: workers.Workers) -> set[psutil.Process]:
    """Processes that a pool starts for its first batch."""
    before = set(psutil.Process().children())
    pool.call("company_keys", (pa.chunked_array([names(2)]),))
    return set(psutil.Process().children()) - before


def test_the_workers_answer_as_the_function_does() -> None:
    given = pa.chunked_array([names(50)])
    answer = workers.Workers().call("company_keys", (given,))
    assert answer.to_pylist() == arrow.company_keys(given).to_pylist()
    assert answer[7].as_py()["loose_key"] == "7 muller telecommunications"


def test_a_query_moves_to_the_workers_and_stays_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    query = """
        select sum(hash(company_keys('The ' || range || ' Müller Telecom Group GmbH').loose_key))
        from range(40000)
    """
    answers, children = [], []
    for seconds in (float("inf"), 0.0):
        monkeypatch.setattr(workers, "SECONDS_BEFORE_WORKERS", seconds)
        before = len(psutil.Process().children())
        with duckdb.connect() as connection:
            plugin.register(connection)
            answers.append(connection.execute(query).fetchall())
            children.append(len(psutil.Process().children()) - before)
    assert answers[0] == answers[1]
    assert children[0] == 0
    assert children[1] > 0


def test_an_error_in_a_worker_is_raised_and_the_worker_goes_on() -> None:
    pool = workers.Workers()
    with pytest.raises(AttributeError, match="to_pylist"):
        pool.call("company_keys", (7,))
    assert len(pool.call("company_keys", (pa.chunked_array([names(3)]),))) == 3


def test_an_interrupt_is_left_to_the_parent() -> None:
    pool = workers.Workers()
    for worker in started(pool):
        worker.send_signal(signal.SIGINT)
    assert len(pool.call("company_keys", (pa.chunked_array([names(2)]),))) == 2


def test_a_worker_that_is_killed_is_reported() -> None:
    pool = workers.Workers()
    for worker in started(pool):
        worker.kill()
    with pytest.raises(RuntimeError, match=r"computes company_keys ended with -9.*memory ran out"):
        pool.call("company_keys", (pa.chunked_array([names(1)]),))
    assert len(pool.call("company_keys", (pa.chunked_array([names(3)]),))) == 3


def test_workers_end_with_a_parent_that_is_killed() -> None:
    program = """
import pyarrow as pa, sys
from warehouse.functions.workers import Workers
workers = Workers()
workers.call("company_keys", (pa.chunked_array([["Acme Ltd"]]),))
print("ready", flush=True)
sys.stdin.read()
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    (worker,) = psutil.Process(parent.pid).children()
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the worker outlived its parent by ten seconds"
        time.sleep(0.05)
