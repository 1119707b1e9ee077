"""The pipeline built by DuckDB and by Spark over the same bronze: time, CPU, memory, shuffles.

`python -m benchmarks spark` measures 2,000 accounts; other sizes are named in
`SPARK_ACCOUNTS="2000 20000"`. `SPARK_BRONZE` keeps the extracted orgs in a folder `<accounts>`
each, and uses those that are there. Needs requirements-spark.lock and Java 17. What Spark moved
between its tasks is read from its own event log.
"""

import json
import os
import shutil
import sys
import tempfile
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks._process import run

POLL_SECONDS = 0.2
MEBIBYTE = 2**20


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


def _print_shuffles(log: Path) -> None:
    """Print bytes read and shuffled, bytes spilled, and the stages that shuffled most."""
    total: Counter[str] = Counter()
    by_stage: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for path in sorted(log.rglob("*")):
        if not path.is_file():
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            event = json.loads(line) if line.startswith("{") else {}
            if event.get("Event") == "SparkListenerStageCompleted":
                stage = event["Stage Info"]
                names[stage["Stage ID"]] = stage["Stage Name"].split(" at ")[0]
            metrics = event.get("Task Metrics")
            if event.get("Event") != "SparkListenerTaskEnd" or not metrics:
                continue
            read = metrics["Shuffle Read Metrics"]
            shuffled = read["Remote Bytes Read"] + read["Local Bytes Read"]
            by_stage.setdefault(event["Stage ID"], []).append(shuffled)
            total["input"] += metrics["Input Metrics"]["Bytes Read"]
            total["shuffle written"] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
            total["shuffle read"] += shuffled
            total["spilled"] += metrics["Disk Bytes Spilled"]
            total["tasks"] += 1
    sizes = ", ".join(f"{k} {v / MEBIBYTE:,.0f} MiB" for k, v in total.items() if k != "tasks")
    print(f"  event log: {total['tasks']:,} tasks in {len(by_stage):,} stages; {sizes}")
    for stage, tasks in sorted(by_stage.items(), key=lambda item: -sum(item[1]))[:5]:
        mean = sum(tasks) / len(tasks)
        if mean:
            print(
                f"    stage {stage:>4}: {sum(tasks) / MEBIBYTE:8,.1f} MiB read by {len(tasks)} "
                f"tasks, the largest {max(tasks) / mean:.2f} times the mean"
            )


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
