"""The pipeline built by DuckDB and by Spark over the same bronze: time, CPU, memory, shuffles.

`python -m benchmarks spark` measures 2,000 accounts; other sizes are named in
`SPARK_ACCOUNTS="2000 20000"`. `SPARK_BRONZE` keeps the extracted orgs in a folder `<accounts>`
each, and uses those that are there. Needs requirements-spark.lock and Java 17. What Spark moved
between its tasks is read from its own event log.
"""

import json
import os
import re
import shutil
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks._process import run

POLL_SECONDS = 0.2
MEBIBYTE = 2**20
MADE_TABLE = re.compile(r"Execute InsertIntoHadoopFsRelationCommand \S*/(\w+)\.db/(\w+),")


@dataclass(frozen=True)
class _Taken:
    """What a command and all its descendants took: seconds, CPU seconds, MiB held at most."""

    seconds: float
    cpu_seconds: float
    memory: float


class _Watch(threading.Thread):
    """Watches all descendants of this process: Java is not waited for by the Python above it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.memory = 0.0
        self.cpu_seconds: dict[int, float] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        """Add up what the descendants hold, again and again, and note their processor time."""
        while not self._ended.wait(POLL_SECONDS):
            held = 0
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    held += child.memory_info().rss
                    used = child.cpu_times()
                    self.cpu_seconds[child.pid] = used.user + used.system
            self.memory = max(self.memory, held / MEBIBYTE)

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()
        self.join()


def _measured(command: list[str], environment: dict[str, str]) -> _Taken:
    watch = _Watch()
    watch.start()
    usage = run(command, environment)
    watch.end()
    if usage.words:
        sys.exit(f"{' '.join(command[1:])} failed: {usage.words}")
    return _Taken(usage.seconds, sum(watch.cpu_seconds.values()), watch.memory)


def _bronze(accounts: int, folder: Path) -> Path:
    """Return the bronze folder of an org of so many accounts, extracting it when absent."""
    data = folder / str(accounts)
    if not (data / "bronze" / "manifest.json").exists():
        environment = {"CUSTOMER360_DATA": str(data), "CUSTOMER360_SANDBOX_ACCOUNTS": str(accounts)}
        _measured([sys.executable, "-m", "extract"], environment)
    return data / "bronze"


def _events(log: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(log.iterdir()):
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _print_shuffles(log: Path) -> None:
    """Print bytes shuffled and spilled, and the tables for which most was shuffled."""
    total: Counter[str] = Counter()
    table_of_execution: dict[str, str] = {}
    table_of_stage: dict[int, str] = {}
    read_by_task: dict[int, list[int]] = {}
    for event in _events(log):
        kind = event["Event"].rpartition(".")[2]
        if kind == "SparkListenerSQLExecutionStart":
            made = MADE_TABLE.search(json.dumps(event["sparkPlanInfo"]))
            if made:
                table_of_execution[str(event["rootExecutionId"])] = ".".join(made.groups())
        elif kind == "SparkListenerJobStart":
            execution = event["Properties"].get("spark.sql.execution.root.id", "")
            for stage in event["Stage IDs"]:
                table_of_stage[stage] = table_of_execution.get(execution, "other")
        elif kind == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            metrics = event["Task Metrics"]
            shuffle = metrics["Shuffle Read Metrics"]
            read = shuffle["Remote Bytes Read"] + shuffle["Local Bytes Read"]
            read_by_task.setdefault(event["Stage ID"], []).append(read)
            total["shuffled"] += read
            total["spilled"] += metrics["Disk Bytes Spilled"]
    tasks = sum(map(len, read_by_task.values()))
    sizes = ", ".join(f"{what} {size / MEBIBYTE:,.1f} MiB" for what, size in total.items())
    print(f"  event log: {tasks:,} tasks in {len(read_by_task):,} stages; {sizes}")
    by_table: Counter[str] = Counter()
    skew: dict[str, float] = {}
    for stage, sizes_of_tasks in read_by_task.items():
        table = table_of_stage[stage]
        by_table[table] += sum(sizes_of_tasks)
        if sum(sizes_of_tasks) > MEBIBYTE:
            largest = max(sizes_of_tasks) * len(sizes_of_tasks) / sum(sizes_of_tasks)
            skew[table] = max(largest, skew.get(table, 0))
    for table, size in by_table.most_common(8):
        uneven = f", the largest task {skew[table]:.2f} times the mean" if table in skew else ""
        print(f"    {table:<36} {size / MEBIBYTE:8,.1f} MiB shuffled{uneven}")


def _measure(accounts: int, bronze: Path, scratch: Path) -> None:
    print(f"\n{accounts:,} accounts")
    seconds: dict[str, float] = {}
    for engine in ("duckdb", "spark"):
        data = scratch / f"{accounts}-{engine}"
        configuration = scratch / "configuration"
        log = scratch / f"log-{accounts}"
        for folder in (data, configuration, log):
            folder.mkdir(exist_ok=True)
        (data / "bronze").symlink_to(bronze.resolve())
        (configuration / "spark-defaults.conf").write_text(
            f"spark.eventLog.enabled true\nspark.eventLog.dir file://{log}\n"
            "spark.eventLog.compress false\nspark.eventLog.rolling.enabled false\n"
        )
        command = [sys.executable, "-m", "warehouse", "build", "--target", engine]
        taken = _measured(
            command, {"CUSTOMER360_DATA": str(data), "SPARK_CONF_DIR": str(configuration)}
        )
        seconds[engine] = taken.seconds
        print(
            f"  {engine:<7} {taken.seconds:7.1f} s, {taken.cpu_seconds:7.1f} CPU s, "
            f"{taken.memory:7,.0f} MiB at most"
        )
        if engine == "spark":
            _print_shuffles(log)
        shutil.rmtree(data)
    print(f"  Spark takes {seconds['spark'] / seconds['duckdb']:.1f} times as long as DuckDB")


def main() -> None:
    """Build every size on both engines, one after the other."""
    with tempfile.TemporaryDirectory() as made:
        scratch = Path(made)
        kept = Path(os.environ.get("SPARK_BRONZE", made))
        for accounts in map(int, os.environ.get("SPARK_ACCOUNTS", "2000").split()):
            _measure(accounts, _bronze(accounts, kept), scratch)


if __name__ == "__main__":
    main()
