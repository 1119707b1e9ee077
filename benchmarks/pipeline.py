"""The whole line, from the org to the published file: time, memory and size at several sizes.

`python -m benchmarks pipeline` measures 2,000 and 20,000 accounts. Larger ones are named in the
environment: `CUSTOMER360_BENCHMARK_ACCOUNTS="200000 1000000" python -m benchmarks pipeline`.
`CUSTOMER360_BENCHMARK_BRONZE` names a data folder with `bronze`: it is built as it is, instead.
With `CUSTOMER360_ENCRYPTION_KEY` everything is encrypted, which tells what that costs.
"""

import json
import math
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks._process import run
from warehouse.runner.encryption import connect

DEFAULT_ACCOUNTS = "2000 20000"
SLOWEST = 8


def _published(path: Path) -> tuple[list[dict[str, Any]], int]:
    """What dbt spent on models, seeds and tests, and the accounts, read from the build itself."""
    with connect(path, "reader", read_only=True) as connection:
        newest = "build_id = (select max(build_id) from ops.pipeline_run)"
        spent = connection.execute(
            f"""
            select 'of it ' || resource_type || 's', sum(seconds) from ops.model_run
            where {newest} group by all
            union all
            select 'of it ' || test_type || ' tests', sum(seconds) from ops.test_result
            where {newest} group by all
            order by all
            """
        ).fetchall()
        slowest = connection.execute(
            f"select model_name, seconds, rows from ops.model_run where {newest} "
            f"order by seconds desc limit {SLOWEST}"
        ).fetchall()
        accounts = connection.execute("select count(*) from silver.account").fetchall()[0][0]
    print(", ".join(f"{name} {seconds:.1f} s ({rows:,} rows)" for name, seconds, rows in slowest))
    return [{"stage": name, "seconds": seconds} for name, seconds in spent], int(accounts)


def _run(stage: str, arguments: list[str], environment: dict[str, str]) -> dict[str, Any]:
    usage = run([sys.executable, "-m", *arguments], environment)
    if usage.words:
        sys.exit(f"python -m {' '.join(arguments)} failed: {usage.words}")
    return {
        "stage": stage,
        "seconds": usage.seconds,
        "peak_memory_bytes": usage.memory * 2**20,
        "cpu_seconds": usage.cpu_seconds,
    }


def _measure(accounts: int | None, data: Path) -> tuple[list[dict[str, Any]], int]:
    """Return a row per stage: seconds, rows and peak memory, for an org of so many accounts.

    Without a number what is in bronze is built.
    """
    environment = {"CUSTOMER360_DATA": str(data), "CUSTOMER360_SANDBOX_ACCOUNTS": str(accounts)}
    rows = []
    arguments = ["warehouse", "build"]
    if accounts is not None:
        generate = ["extract.sandbox", "generate", "--accounts", str(accounts)]
        rows.append(
            _run("generate", [*generate, "--directory", str(data / "sandbox")], environment)
        )
        arguments.append("--extract")
    whole = _run("whole run", arguments, environment)
    log = data / "warehouse" / "runs"
    stages = json.loads(max((log / "stage_run").glob("*.json")).read_text(encoding="utf-8"))
    path = (data / "warehouse" / "current.duckdb").resolve()
    spent, found = _published(path)
    for stage in stages:
        rows.append(stage)
        rows += spent if stage["stage"] == "build" else []
    rows.append(whole)
    rows.append(_run("the next night's run", arguments, environment))
    bronze = sum(path.stat().st_size for path in (data / "bronze").rglob("*.parquet"))
    rows.append({"stage": "bronze files", "bytes": bronze})
    rows.append({"stage": "published file", "bytes": path.stat().st_size})
    return rows, found


def _exponent(sizes: list[int], values: list[float]) -> float:
    """Return b of value = a * size^b between the smallest and the largest size."""
    return math.log(values[-1] / values[0]) / math.log(sizes[-1] / sizes[0])


def _cell(row: dict[str, Any]) -> str:
    parts = [f"{row['seconds']:.1f} s"] if "seconds" in row else []
    parts += [f"{row['cpu_seconds']:.0f} CPU s"] if "cpu_seconds" in row else []
    parts += [f"{row['rows']:,} rows"] if row.get("rows") else []
    memory = row.get("peak_memory_bytes")
    parts += [f"{memory / 1e6:,.0f} MB peak"] if memory else []
    parts += [f"{row['bytes'] / 1e6:,.1f} MB"] if "bytes" in row else []
    return ", ".join(parts)


def main() -> None:
    """Measure each size and print, per stage, time, memory and how they grow."""
    given = os.environ.get("CUSTOMER360_BENCHMARK_BRONZE")
    wanted = os.environ.get("CUSTOMER360_BENCHMARK_ACCOUNTS", DEFAULT_ACCOUNTS).split()
    sizes: list[int] = []
    measured: dict[str, list[dict[str, Any]]] = {}
    orgs: list[int | None] = [None] if given else [int(size) for size in wanted]
    for accounts in orgs:
        with tempfile.TemporaryDirectory(prefix="customer360-benchmark-") as data:
            if given:
                shutil.copytree(Path(given) / "bronze", Path(data) / "bronze")
            rows, size = _measure(accounts, Path(data))
        size = accounts or size
        sizes.append(size)
        for row in rows:
            measured.setdefault(row["stage"], []).append(row)
        for row in rows:
            print(f"{size:,} accounts: {row['stage']}: {_cell(row)}", flush=True)
    print("\n| stage | " + " | ".join(f"{size:,} accounts" for size in sizes) + " | growth |")
    print("| --- |" + " ---: |" * (len(sizes) + 1))
    for stage, rows in measured.items():
        values = [row.get("seconds") or row["bytes"] for row in rows]
        growth = f"n^{_exponent(sizes, values):.2f}" if len(rows) == len(sizes) > 1 else ""
        print(f"| {stage} | " + " | ".join(_cell(row) for row in rows) + f" | {growth} |")
