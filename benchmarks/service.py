"""The service under load, next to the plain design and Datasette, and a soak with swaps.

`python -m benchmarks service` extracts and builds a sandbox org of 100,000 accounts first;
CUSTOMER360_BENCHMARK_DATA names a data folder with a published warehouse to serve instead.
CUSTOMER360_BENCHMARK_SECONDS (10) is the length of each measurement and
CUSTOMER360_BENCHMARK_SOAK_SECONDS (600) that of the soak. SERVICE_PEERS_PYTHON is a Python with
flask, gunicorn, pandas, pyarrow and datasette, best a virtual environment to throw away; without
it the peers are left out. Needs wrk, which Debian packages.
"""

import os
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from benchmarks._load import Load, check_generator, load
from benchmarks._process import ROOT, run
from warehouse.runner.encryption import connect

ACCOUNTS = "100000"
CONNECTIONS = (16, 64)
HOT_CUSTOMERS = 1000
PLAIN_HOT_PATHS = 100
PLAIN_WARM_SECONDS = 40
SWAP_SECONDS = 10
SECONDS = float(os.environ.get("CUSTOMER360_BENCHMARK_SECONDS", "10"))
# A request to the plain design may take seconds: long enough for some to be answered.
PLAIN_SECONDS = max(SECONDS, 10)
SOAK_SECONDS = float(os.environ.get("CUSTOMER360_BENCHMARK_SOAK_SECONDS", "600"))
# What the plain design reads: the same tables, as Parquet.
PLAIN = {
    "customer": "select * from gold.serving_customer order by customer_id",
    "metrics": "select * exclude (health_category, churn_risk_level)"
    " from gold.customer_360_current order by customer_id",
    "contribution": "select * from gold.serving_contribution order by customer_id",
    "alert": "select * from gold.risk_alerts order by customer_id",
    "recommendation": "select * from gold.recommendations order by customer_id",
    "timeline": "select * from gold.customer_timeline order by customer_id, occurred_at",
    "history": "select * from gold.serving_score_history order by customer_id, as_of",
}


def _published(folder: Path) -> Path:
    """A data folder with a published warehouse: the one named, or one that is built now."""
    named = os.environ.get("CUSTOMER360_BENCHMARK_DATA")
    data = Path(named) if named else folder / "built"
    if not named:
        environment = {"CUSTOMER360_DATA": str(data), "CUSTOMER360_SANDBOX_ACCOUNTS": ACCOUNTS}
        for arguments in (["extract"], ["warehouse", "build"]):
            usage = run([sys.executable, "-m", *arguments], environment)
            if usage.words:
                sys.exit(f"python -m {' '.join(arguments)} failed: {usage.words}")
    current = data / "warehouse" / "current.duckdb"
    if not current.exists():
        sys.exit(f"{data} holds no published warehouse: run `make pipeline` for it first.")
    # A folder of its own, so that the soak may publish in it.
    served = folder / "served"
    builds = served / "warehouse" / "builds"
    builds.mkdir(parents=True)
    build = current.resolve()
    (builds / build.name).symlink_to(build)
    shutil.copy(build, builds / "second.duckdb")
    shutil.copy(build, builds / "first.duckdb")
    _publish(served, "first")
    return served


def _publish(data: Path, name: str) -> None:
    """Swap what is published, as the pipeline does."""
    link = data / "warehouse" / "next.duckdb"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("builds") / f"{name}.duckdb")
    link.replace(data / "warehouse" / "current.duckdb")


class Workloads:
    """Paths to ask for, drawn from the published customers with a fixed seed."""

    def __init__(self, data: Path) -> None:
        with connect((data / "warehouse" / "current.duckdb").resolve(), "w", read_only=True) as db:
            rows = db.execute(
                "select customer_id, customer_name from gold.serving_customer order by 1"
            ).fetchall()
        draw = random.Random(360)
        draw.shuffle(rows)
        self.customers = len(rows)
        hot = rows[:HOT_CUSTOMERS]
        words = [word for _, name in hot for word in re.findall(r"[A-Za-z]{4,}", name)]
        self.every_360 = [f"/api/customer/{customer_id}" for customer_id, _ in rows]
        full = self.every_360[:HOT_CUSTOMERS]
        timeline = [f"{path}/timeline" for path in full]
        search = [f"/api/customers?q={word[: draw.randint(3, len(word))]}" for word in words]
        summary = ["/api/dashboard/summary"]
        self.warm = {
            "360": full,
            "timeline": timeline,
            "search": search,
            "summary": summary,
            # Half the requests open a customer; the rest is what people do before and after.
            "mix": [
                *(draw.choice(full) for _ in range(500)),
                *(draw.choice(timeline) for _ in range(200)),
                *(draw.choice(search) for _ in range(200)),
                *summary * 100,
            ],
        }


@contextmanager
def _serving(
    command: list[str], environment: dict[str, str], port: int
) -> Iterator[tuple[str, psutil.Process]]:
    """A server, from when it is healthy until the block ends."""
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output
        )
        try:
            deadline = time.monotonic() + 120
            while True:
                try:
                    httpx.get(f"{url}/health", timeout=60)
                    break
                except httpx.TransportError:
                    if process.poll() is not None or time.monotonic() > deadline:
                        output.seek(0)
                        sys.exit(f"{' '.join(command[:3])} did not start: {output.read()[-2000:]}")
                    time.sleep(0.1)
            yield url, psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(30)


def _port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _memory(process: psutil.Process) -> float:
    """MiB of a process and its children; what they share is counted once."""
    family = [process, *process.children(recursive=True)]
    return float(sum(each.memory_full_info().pss for each in family)) / 2**20


@contextmanager
def _service(data: Path, processes: int) -> Iterator[tuple[str, psutil.Process, str]]:
    environment = {
        "CUSTOMER360_DATA": str(data),
        "CUSTOMER360_REQUESTS_PER_MINUTE": "1000000000",
    }
    token = subprocess.run(
        [sys.executable, "-m", "service", "token", "add", f"benchmark {time.time_ns()}"],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    port = _port()
    command = [sys.executable, "-m", "service", "--port", str(port), "--workers", str(processes)]
    with _serving(command, environment, port) as (url, process):
        while httpx.get(f"{url}/ready").status_code != 200:
            time.sleep(0.1)
        yield url, process, token


def _row(name: str, connections: int, met: Load, note: str = "") -> None:
    failed = f"{met.errors} failed. " if met.errors else ""
    print(
        f"| {name} | {connections} | {met.rate:,.0f} | {met.p50:.2f} | {met.p95:.2f} "
        f"| {met.p99:.2f} | {failed}{note} |",
        flush=True,
    )


def _measure_service(data: Path, workloads: Workloads) -> None:
    for processes in (1, 2):
        label = f"customer360, {processes} process{'es' if processes > 1 else ''}"
        for connections in CONNECTIONS:
            with _service(data, processes) as (url, process, token):
                met = load(url, workloads.every_360, connections, SECONDS, token=token, once=True)
                _row(f"{label}: 360, cold", connections, met, f"{_memory(process):.0f} MiB")
        with _service(data, processes) as (url, process, token):
            for name, paths in workloads.warm.items():
                load(url, paths, CONNECTIONS[0], SECONDS, token=token)  # warms
                for connections in CONNECTIONS:
                    met = load(url, paths, connections, SECONDS, token=token)
                    _row(f"{label}: {name}, warm", connections, met)
                if name in {"360", "mix"}:
                    met = load(url, paths, connections, SECONDS, token=token, rate=met.rate / 2)
                    _row(f"{label}: {name}, warm, half the rate", connections, met)
            print(f"{label}: {_memory(process):.0f} MiB after all of this", flush=True)


def _await_idle(url: str) -> None:
    """Wait until a server has worked off what was asked of it by clients that are gone."""
    swift = 0
    while swift < 10:
        started = time.monotonic()
        httpx.get(f"{url}/health", timeout=300)
        swift = swift + 1 if time.monotonic() - started < 0.1 else 0


def _measure_plain(data: Path, workloads: Workloads, python: Path, folder: Path) -> None:
    files = folder / "plain"
    files.mkdir()
    with connect((data / "warehouse" / "current.duckdb").resolve(), "w", read_only=True) as db:
        for name, statement in PLAIN.items():
            db.execute(f"copy ({statement}) to '{files / name}.parquet' (format parquet)")
    for keeps in ("0", "1"):
        port = _port()
        command = [str(python.with_name("gunicorn")), "--workers", "2", "--threads", "4"]
        command += ["--timeout", "300", "--bind", f"127.0.0.1:{port}"]
        command += ["--chdir", str(ROOT / "benchmarks" / "peers"), "run_flask:application"]
        label = "Flask and pandas, 2 processes" + (", answers kept" if keeps == "1" else "")
        environment = {"PLAIN_DATA": str(files), "PLAIN_ANSWERS": keeps}
        with _serving(command, environment, port) as (url, process):
            for _ in range(20):  # until both processes have read their data
                httpx.get(f"{url}/health", timeout=120)
            load(url, ["/health"], 16, 2)
            for connections in CONNECTIONS:
                met = load(url, workloads.every_360, connections, PLAIN_SECONDS, once=True)
                _row(f"{label}: 360, data read", connections, met)
                _await_idle(url)
            for name, every in workloads.warm.items():
                # It answers about 20 in a second: a hundred paths are all it can be warmed for.
                paths = every[:: max(1, len(every) // PLAIN_HOT_PATHS)]
                if keeps == "1":
                    load(url, paths, CONNECTIONS[0], PLAIN_WARM_SECONDS)
                    _await_idle(url)
                for connections in CONNECTIONS:
                    met = load(url, paths, connections, PLAIN_SECONDS)
                    _row(f"{label}: {name}", connections, met)
                    _await_idle(url)
            print(f"{label}: {_memory(process):.0f} MiB", flush=True)


def _measure_datasette(data: Path, workloads: Workloads, python: Path, folder: Path) -> None:
    """One row of metrics per customer by its key: Datasette has no 360 to compose."""
    file = folder / "customer360.db"
    with (
        connect((data / "warehouse" / "current.duckdb").resolve(), "w", read_only=True) as db,
        sqlite3.connect(file) as lite,
    ):
        answer = db.execute("select columns(*)::varchar from gold.customer_360_current")
        names = [column[0] for column in answer.description]
        columns = ", ".join(f'"{name}"' for name in names)
        lite.execute(f"create table customer ({columns}, primary key (customer_id))")
        marks = ", ".join("?" * len(names))
        lite.executemany(f"insert into customer values ({marks})", answer.fetchall())
    port = _port()
    command = [str(python), "-m", "datasette", str(file), "--port", str(port)]
    environment: dict[str, str] = {}
    paths = [
        f"/customer360/customer/{path.rpartition('/')[2].replace('-', '~2D')}.json"
        for path in workloads.warm["360"]
    ]
    with _serving(command, environment, port) as (url, process):
        for connections in CONNECTIONS:
            met = load(url, paths, connections, SECONDS)
            _row("Datasette, 1 process: one row of metrics", connections, met)
        print(f"Datasette: {_memory(process):.0f} MiB", flush=True)


def _soak(data: Path, workloads: Workloads) -> None:
    """The mix without a pause while builds are swapped; memory at the start, middle and end."""
    memory: list[float] = []
    with _service(data, 1) as (url, process, token):
        finished = threading.Event()

        def swap() -> None:
            swaps = 0
            while not finished.wait(min(SWAP_SECONDS, SOAK_SECONDS / 4)):
                swaps += 1
                _publish(data, ("first", "second")[swaps % 2])
                memory.append(_memory(process))

        swapper = threading.Thread(target=swap)
        swapper.start()
        try:
            met = load(url, workloads.warm["mix"], 16, SOAK_SECONDS, token=token)
        finally:
            finished.set()
            swapper.join()
    _row(f"soak of {SOAK_SECONDS:.0f} s with {len(memory)} swaps: mix", 16, met)
    quarter = max(1, len(memory) // 4)
    print(
        f"soak: memory {memory[0]:.0f} MiB at the first swap, "
        f"{sum(memory[quarter : 2 * quarter]) / quarter:.0f} MiB in the second quarter, "
        f"{sum(memory[-quarter:]) / quarter:.0f} MiB in the last, {max(memory):.0f} MiB at most",
        flush=True,
    )


def main() -> None:
    """Print one row of Markdown for each measurement."""
    check_generator()
    python = os.environ.get("SERVICE_PEERS_PYTHON")
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        data = _published(folder)
        workloads = Workloads(data)
        print(
            f"{workloads.customers:,} customers, {SECONDS:.0f} s each, load average "
            f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n\n"
            "| what | connections | requests/s | p50 ms | p95 ms | p99 ms | |\n"
            "| --- | --- | --- | --- | --- | --- | --- |",
            flush=True,
        )
        _measure_service(data, workloads)
        if python:
            _measure_plain(data, workloads, Path(python), folder)
            _measure_datasette(data, workloads, Path(python), folder)
        else:
            print("Peers are left out: SERVICE_PEERS_PYTHON names no Python for them.")
        _soak(data, workloads)
