"""The whole line, from the org to the published file: time, memory and size at several sizes.

`python -m benchmarks pipeline` measures 2,000 and 20,000 accounts. Larger ones are named in the
environment: `CUSTOMER360_BENCHMARK_ACCOUNTS="200000 1000000" python -m benchmarks pipeline`.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_ACCOUNTS = "2000 20000"


def _run(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    completed = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if completed.returncode != 0:
        sys.exit(f"python -m {' '.join(arguments)} failed:\n{completed.stderr[-3000:]}")
    return completed


def _measure(accounts: int, data: Path) -> list[dict[str, Any]]:
    """Return one row per stage: seconds, rows and peak memory, for an org of so many accounts."""
    environment = {"CUSTOMER360_DATA": str(data), "CUSTOMER360_SANDBOX_ACCOUNTS": str(accounts)}
    generate = ["extract.sandbox", "generate", "--accounts", str(accounts)]
    started = time.monotonic()
    _run([*generate, "--directory", str(data / "sandbox")], environment)
    rows = [{"stage": "generate", "seconds": time.monotonic() - started}]
    summary = json.loads(_run(["warehouse", "build", "--extract", "--json"], environment).stdout)
    rows += summary["stages"]
    bronze = sum(path.stat().st_size for path in (data / "bronze").rglob("*.parquet"))
    rows.append({"stage": "bronze files", "bytes": bronze})
    rows.append({"stage": "published file", "bytes": summary["warehouse_bytes"]})
    return rows


def _exponent(sizes: list[int], values: list[float]) -> float:
    """Return b of value = a * size^b between the smallest and the largest size."""
    return math.log(values[-1] / values[0]) / math.log(sizes[-1] / sizes[0])


def main() -> None:
    """Measure each size and print, per stage, time, memory and how they grow."""
    sizes = [
        int(size)
        for size in os.environ.get("CUSTOMER360_BENCHMARK_ACCOUNTS", DEFAULT_ACCOUNTS).split()
    ]
    measured: dict[str, list[dict[str, Any]]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="customer360-benchmark-") as data:
            for row in _measure(size, Path(data)):
                measured.setdefault(row["stage"], []).append(row)
    print("| stage | " + " | ".join(f"{size:,} accounts" for size in sizes) + " | growth |")
    print("| --- |" + " ---: |" * (len(sizes) + 1))
    for stage, rows in measured.items():
        cells = []
        for row in rows:
            parts = [f"{row['seconds']:.1f} s"] if "seconds" in row else []
            parts += [f"{row['rows']:,} rows"] if row.get("rows") else []
            parts += (
                [f"{row['peak_memory_bytes'] / 1e6:,.0f} MB peak"]
                if row.get("peak_memory_bytes")
                else []
            )
            parts += [f"{row['bytes'] / 1e6:,.1f} MB"] if "bytes" in row else []
            cells.append(", ".join(parts))
        values = [row.get("seconds") or row["bytes"] for row in rows]
        growth = f"n^{_exponent(sizes, values):.2f}" if len(sizes) > 1 else ""
        print(f"| {stage} | " + " | ".join(cells) + f" | {growth} |")
