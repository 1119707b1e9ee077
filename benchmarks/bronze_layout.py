"""How fast the warehouse reads bronze files by their row groups and the order of their rows.

The usage rows of a sandbox org of `BENCHMARK_ACCOUNTS` accounts (default 20,000) are written as
Snappy Parquet in several layouts, and each is read as silver reads it: the newest version of every
record. The ratio is to the layout that the extractor writes.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks._process import ROOT
from extract.parquet_file import ROW_GROUP_ROWS

ACCOUNTS = int(os.environ.get("BENCHMARK_ACCOUNTS", "20000"))
REPEATS = 7
# Rows a group, and an order; the first is the extractor's: as the org hands the rows over.
LAYOUTS = {
    f"{ROW_GROUP_ROWS:,} rows, the org's order": (ROW_GROUP_ROWS, ""),
    f"{ROW_GROUP_ROWS:,} rows, by Id": (ROW_GROUP_ROWS, 'order by "Id"'),
    f"{ROW_GROUP_ROWS:,} rows, by account": (ROW_GROUP_ROWS, 'order by "Account__c", "Id"'),
    "10,000 rows, the org's order": (10_000, ""),
    "1,000,000 rows, the org's order": (1_000_000, ""),
}
NEWEST_VERSIONS = """
    with repeated as (
        select left("Id", 15) as record_key from read_parquet($file)
        group by all having count(*) > 1
    )
    select count(*), sum("Quantity__c"), max("Month__c"), count(distinct "Account__c")
    from read_parquet($file) as version
    anti join repeated on left(version."Id", 15) = repeated.record_key
"""


def main() -> None:
    """Write every layout, read each in turn, and print median seconds, bytes and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        generate = [sys.executable, "-m", "extract.sandbox", "generate", "--directory", folder]
        subprocess.run(
            [*generate, "--accounts", str(ACCOUNTS)], cwd=ROOT, check=True, capture_output=True
        )
        connection = duckdb.connect(Path(folder) / "org.duckdb", read_only=True)
        files = {}
        for number, (name, (rows, order)) in enumerate(LAYOUTS.items()):
            files[name] = Path(folder) / f"{number}.parquet"
            connection.execute(
                f"copy (from \"Usage__c\" {order}) to '{files[name]}'"
                f" (format parquet, compression snappy, row_group_size {rows})"
            )
        seconds: dict[str, list[float]] = {name: [] for name in files}
        # In turns, so that what else the machine does falls on all of them.
        for _ in range(REPEATS):
            for name, file in files.items():
                started = time.perf_counter()
                connection.execute(NEWEST_VERSIONS, {"file": str(file)}).fetchall()
                seconds[name].append(time.perf_counter() - started)
        count = connection.execute('select count(*) from "Usage__c"').fetchall()[0][0]
        shipped = statistics.median(next(iter(seconds.values())))
        print(f"{count:,} usage rows, read as silver reads them, median of {REPEATS}")
        for name, taken in seconds.items():
            median = statistics.median(taken)
            size = files[name].stat().st_size / 1e6
            print(f"  {name:32} {median:6.3f} s  {size:6.1f} MB  x {median / shipped:.2f}")


if __name__ == "__main__":
    main()
