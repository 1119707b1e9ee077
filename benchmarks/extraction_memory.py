"""Peak memory of the extractor from a thousand rows to twenty million.

`BENCHMARK_ROWS` are the sizes, `BENCHMARK_OBJECT` is Usage__c (narrow, the default) or Opportunity
(60 fields). Twenty million rows need some 10 GB of disk and several minutes. Sizes up to a million
are read in full twice: the second time the extractor also looks for rows that are gone.
"""

import os
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks._process import run
from benchmarks._server import served

SIZES = [int(n) for n in os.environ.get("BENCHMARK_ROWS", "1000 100000 1000000 5000000").split()]
TWICE_UP_TO = 1_000_000
OBJECT = os.environ.get("BENCHMARK_OBJECT") or "Usage__c"


def main() -> None:
    """Measure each size and print a table."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        if OBJECT == "Opportunity":
            server.widen()
        print(f"| rows of {OBJECT} | run | seconds | rows/s | CPU s | peak MiB | MB on disk |")
        print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
        for rows in SIZES:
            if OBJECT == "Opportunity":
                server.fill(rows)
            else:
                server.repeat(OBJECT, rows)
            with tempfile.TemporaryDirectory() as data:
                environment = server.settings | {"CUSTOMER360_DATA": data}
                command = [sys.executable, "-m", "extract", "--objects", OBJECT, "--full"]
                for name in ("first", "again in full")[: 2 if rows <= TWICE_UP_TO else 1]:
                    usage = run(command, environment)
                    files = list(Path(data).glob("bronze/*/*.parquet"))
                    found = duckdb.sql(
                        f"select count(distinct Id), count(distinct _batch_id) from "
                        f"read_parquet({[str(path) for path in files]})"
                    ).fetchall()[0]
                    if usage.words or found != (rows, 1 if name == "first" else 2):
                        sys.exit(f"{rows:,} rows, {name}: found {found}. {usage.words}")
                    size = sum(path.stat().st_size for path in files) / 1e6
                    print(
                        f"| {rows:,} | {name} | {usage.seconds:.1f} | "
                        f"{rows / usage.seconds:,.0f} | {usage.cpu_seconds:.1f} | "
                        f"{usage.memory:,.0f} | {size:,.0f} |",
                        flush=True,
                    )
