"""`dbt build` with 24 month ends of history, next to pandas without history: time, memory, growth.

`python -m benchmarks warehouse` measures 2,000 and 20,000 accounts; other sizes are named in
`WAREHOUSE_ACCOUNTS="2000 20000 200000"`. `WAREHOUSE_DATA` keeps the extracted orgs in a folder
`<accounts>` each, and uses those that are there. `PANDAS_PYTHON` is a Python with pandas and
pyarrow; without it pandas is left out. What-if is timed at the largest size.
"""

import json
import math
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb

from benchmarks._process import ROOT, Usage, run

RUNS = 7
SQL = ROOT / "service" / "sql"


def _checked(what: str, usage: Usage) -> Usage:
    if usage.words:
        sys.exit(f"{what} failed: {usage.words}")
    return usage


def _extracted(accounts: int, folder: Path) -> Path:
    """Return a data folder with an extracted org of so many accounts, making it when absent."""
    data = folder / str(accounts)
    environment = {"CUSTOMER360_DATA": str(data), "CUSTOMER360_SANDBOX_ACCOUNTS": str(accounts)}
    if not (data / "bronze" / "manifest.json").exists():
        _checked("the extraction", run([sys.executable, "-m", "extract"], environment))
    return data


def _shares(target: Path) -> Counter[str]:
    """Return the seconds that dbt's nodes of each layer took, tests being a layer of their own."""
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    seconds: Counter[str] = Counter()
    for result in results:
        node = nodes.get(result["unique_id"], {})
        folder = str(node.get("path", "")).split("/")[0]
        is_model = node.get("resource_type") == "model"
        seconds[folder if is_model else f"{node.get('resource_type', 'other')}s"] += result[
            "execution_time"
        ]
    return seconds


def _dbt_build(data: Path, scratch: Path) -> Usage:
    environment = {
        "CUSTOMER360_DATA": str(data),
        "CUSTOMER360_WAREHOUSE_FILE": str(scratch / "warehouse.duckdb"),
        "CUSTOMER360_MEMORY_LIMIT": os.environ.get("CUSTOMER360_MEMORY_LIMIT", "5GB"),
        "DBT_PROJECT_DIR": str(ROOT / "warehouse"),
        "DBT_PROFILES_DIR": str(ROOT),
        "DBT_TARGET_PATH": str(scratch / "target"),
        "DBT_LOG_PATH": str(scratch / "logs"),
    }
    dbt = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "build"]
    return _checked("dbt", run([*dbt, "--exclude-resource-type", "unit_test"], environment))


def _what_if(warehouse: Path) -> tuple[int, float]:
    """Return how many customers the service's query scores anew, and its median milliseconds."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        weights = connection.execute(
            "select component, weight::double from seeds.score_component "
            "where score = 'health_score'"
        ).fetchall()
        knots = connection.execute(
            "select list({'measure': measure, 'x': x::double, 'points': points::double}) "
            "from seeds.score_curve where score = 'health_score'"
        ).fetchall()[0][0]
        parameters = {
            "regions": None,
            "score": "health_score",
            "components": [component for component, _ in weights],
            "weights": [0.4 if component == "engagement" else 0.2 for component, _ in weights],
            "knots": knots,
        }
        times = []
        for _ in range(RUNS):
            started = time.monotonic()
            connection.execute((SQL / "what_if.sql").read_text(encoding="utf-8"), parameters)
            times.append(time.monotonic() - started)
            customers = connection.execute("select count(*) from scored_anew").fetchall()[0][0]
            connection.execute("drop table scored_anew")
    return int(customers), 1000 * statistics.median(times)


def main() -> None:
    """Measure each size and print a table of both, the shares of the layers and the growth."""
    sizes = [int(size) for size in os.environ.get("WAREHOUSE_ACCOUNTS", "2000 20000").split()]
    pandas = os.environ.get("PANDAS_PYTHON")
    seconds = []
    print("| accounts | dbt build | CPU s | peak MiB | layers, s | pandas | CPU s | peak MiB |")
    print("| --- " * 8 + "|")
    with tempfile.TemporaryDirectory(prefix="customer360-benchmark-") as temporary:
        folder = Path(os.environ.get("WAREHOUSE_DATA", temporary))
        for accounts in sizes:
            data = _extracted(accounts, folder)
            scratch = Path(temporary) / f"build-{accounts}"
            scratch.mkdir()
            built = _dbt_build(data, scratch)
            seconds.append(built.seconds)
            shares = ", ".join(
                f"{name} {spent:.1f}" for name, spent in _shares(scratch / "target").most_common()
            )
            row = [f"{accounts:,}", f"{built.seconds:.1f} s", f"{built.cpu_seconds:.0f}"]
            row += [f"{built.memory:.0f}", shares]
            if pandas:
                peer = str(ROOT / "benchmarks" / "peers" / "run_pandas.py")
                other = run([pandas, peer, str(data), str(scratch / "pandas")], {})
                _checked("pandas", other)
                ratio = built.seconds / other.seconds
                row += [f"{other.seconds:.1f} s (ours {ratio:.1f} times)"]
                row += [f"{other.cpu_seconds:.0f}", f"{other.memory:.0f}"]
            print("| " + " | ".join(row) + " |", flush=True)
        customers, milliseconds = _what_if(scratch / "warehouse.duckdb")
        print(f"\nWhat-if over {customers:,} customers: {milliseconds:.0f} ms (median of {RUNS})")
    if len(sizes) > 1:
        exponent = math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0])
        print(f"Time of dbt build grows as accounts^{exponent:.2f}")
