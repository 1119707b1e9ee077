"""`make dev`: the service and the dashboard from their sources, started and ended together."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from .conftest import ROOT, copy_published, free_port

SECONDS = 60
CLIENT = "web/src/client/sdk.gen.ts"


def make(data: Path, *arguments: str) -> list[str]:
    """The command, with what it would install or generate first taken as done."""
    return [
        "make",
        "-o",
        ".venv/.installed",
        "-o",
        CLIENT,
        "dev",
        *arguments,
        f"CUSTOMER360_DATA={data}",
    ]


def wait_until(condition: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def answers(url: str, status: int) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == status
    except httpx.TransportError:
        return False


def test_both_are_served_reload_and_end_with_an_interrupt(
    pristine_data_directory: Path, tmp_path: Path
) -> None:
    if not (ROOT / CLIENT).exists():
        pytest.skip("`make test` generates the client of the dashboard first")
    data = copy_published(pristine_data_directory, tmp_path / "data")
    api, dashboard = free_port(), free_port()
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            make(data, f"API_PORT={api}", f"DASHBOARD_PORT={dashboard}"),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        page = f"http://127.0.0.1:{dashboard}"
        wait_until(lambda: answers(page, 200) and answers(f"{page}/api/status", 401), log)
        assert f"Sign in: {page}/sign-in#token=" in log.read_text()
        (ROOT / "service/sql/today.sql").touch()
        wait_until(lambda: log.read_text().count("serving build") == 2, log)
        wait_until(lambda: answers(f"{page}/api/status", 401), log)
    finally:
        # Ctrl-C goes to all processes of the terminal.
        os.killpg(process.pid, signal.SIGINT)
        process.wait(SECONDS)
    assert not answers(page, 200)
    assert not answers(f"http://127.0.0.1:{api}/health", 200)


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path) -> None:
    completed = subprocess.run(
        make(tmp_path), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert completed.returncode != 0
    assert f"No warehouse is published in the folder {tmp_path}: run `make pipeline`" in (
        completed.stderr
    )
