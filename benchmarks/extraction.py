"""Extraction speed: this extractor, a plain HTTP client, and other extractors, on the same rows.

Everything reads the same Opportunity rows (60 fields, some deleted, some awkward) from one sandbox
org over TLS on loopback, and what each wrote is compared with the org, value by value.
`BENCHMARK_ROWS` (default 100,000, and 1,000,000 for what ends in time) are the sizes;
`BENCHMARK_CLIENTS` picks from customer360, plain, tap-bulk2, tap-rest, dlt;
`BENCHMARK_SECONDS` (default 420) is what each may take, and `BENCHMARK_PEERS` a folder that keeps
the throw-away environments of the others; without it they are made anew and removed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks._process import ROOT, Usage, run
from benchmarks._server import FIELDS, Server, served

SIZES = [int(size) for size in os.environ.get("BENCHMARK_ROWS", "100000 1000000").split()]
CLIENTS = os.environ.get("BENCHMARK_CLIENTS", "plain customer360 tap-bulk2 tap-rest dlt").split()
LIMIT_SECONDS = float(os.environ.get("BENCHMARK_SECONDS") or 420)
SOURCES = {
    "dlt": ("https://github.com/dlt-hub/verified-sources", ["dlt[parquet]", "simple-salesforce"]),
    "tap": (
        "https://github.com/MeltanoLabs/tap-salesforce",
        ["singer-python~=5.13", "xmltodict", "simple-salesforce<1.0", "pyOpenSSL", "pyarrow"],
    ),
}


@dataclass(frozen=True)
class Measurement:
    """One client's run: what it took, the rows it delivered, and what it lost or changed."""

    client: str
    rows: int
    usage: Usage
    remark: str


def compare(connection: duckdb.DuckDBPyConnection, pattern: str, expected: Path) -> tuple[int, str]:
    """The distinct records in Parquet files, and how they differ from the expected ones.

    Names of columns are compared without case and underscores; values as the org's type, so that
    a number kept as text or as a floating-point number counts as kept where it reads back equal.
    """
    try:
        found = connection.sql(f"from read_parquet('{pattern}', union_by_name = true)").columns
    except duckdb.IOException:
        return 0, "no row in Parquet"
    names = {name.lower().replace("_", ""): name for name in found}
    connection.execute(
        f"create or replace view found as from read_parquet('{pattern}', union_by_name = true)"
    )
    connection.execute(f"create or replace view expected as from '{expected}'")
    columns = [
        (str(name), str(kind))
        for name, kind, *_ in connection.execute("describe expected").fetchall()
    ]
    shared = [(n, k) for n, k in columns if n.lower().replace("_", "") in names and n != "Id"]
    key = names["id"]
    differences = ", ".join(
        f'count(*) filter (where try_cast(f."{names[n.lower().replace("_", "")]}" as {k}) '
        f'is distinct from e."{n}")'
        for n, k in shared
    )
    row = connection.execute(
        f'select count(*), count(*) filter (where e."IsDeleted"), {differences} '
        f'from (select distinct on ("{key}") * from found) f join expected e on e."Id" = f."{key}"'
    ).fetchall()[0]
    total, deleted = connection.execute(
        'select count(*), count(*) filter (where "IsDeleted") from expected'
    ).fetchall()[0]
    parts = []
    if row[0] != total:
        parts.append(f"{total - row[0]:,} rows lost")
        parts.append(f"of them {deleted - row[1]:,} of the {deleted:,} deleted ones")
    missing = [n for n, _ in columns if n.lower().replace("_", "") not in names]
    if missing:
        parts.append(f"columns lost: {', '.join(missing)}")
    changed = {n: c for (n, _), c in zip(shared, row[2:], strict=True) if c}
    parts += [f"{n}: {count:,} values changed" for n, count in list(changed.items())[:4]]
    if len(changed) > 4:
        parts.append(f"{sum(changed.values()):,} values changed in {len(changed)} columns")
    return int(row[0]), "; ".join(parts) or "nothing"


def measure_extractor(server: Server, expected: Path) -> Measurement:
    """This project's command, from start to exit."""
    with tempfile.TemporaryDirectory() as folder:
        environment = server.settings | {"CUSTOMER360_DATA": folder}
        command = [sys.executable, "-m", "extract", "--objects", "Opportunity"]
        usage = run(command, environment, LIMIT_SECONDS)
        return _measured("customer360", usage, f"{folder}/bronze/opportunity/*.parquet", expected)


def _measured(client: str, usage: Usage, pattern: str, expected: Path) -> Measurement:
    with duckdb.connect() as connection:
        rows, remark = compare(connection, pattern, expected)
    if usage.is_stopped:
        remark = f"stopped after {usage.seconds:.0f} s; in Parquet by then: {rows:,} rows"
    return Measurement(client, rows, usage, usage.words or remark)


def measure_peer(server: Server, folder: Path, client: str, expected: Path) -> Measurement:
    """Another extractor in its own environment."""
    kind, _, api = client.partition("-")
    reason = prepare(folder, kind)
    if reason:
        return Measurement(client, 0, Usage(0, 0, 0), f"not measured: {reason}")
    with tempfile.TemporaryDirectory() as output:
        settings = {
            "login_url": server.url,
            "client_id": server.settings["SALESFORCE_CLIENT_ID"],
            "client_secret": server.settings["SALESFORCE_CLIENT_SECRET"],
            "refresh_token": "customer360-sandbox-refresh",
            "access_token": server.token,
            "object": "Opportunity",
            "fields": server.describe()["fields"],
            "output": output,
        }
        path = Path(output) / "settings.json"
        path.write_text(json.dumps(settings), encoding="utf-8")
        bundle = server.settings["SALESFORCE_CA_BUNDLE"]
        source = folder / f"{kind}-source" / ("sources" if kind == "dlt" else "")
        environment = {
            "REQUESTS_CA_BUNDLE": bundle,
            "SSL_CERT_FILE": bundle,
            "PYTHONPATH": str(source),
            "RUNTIME__DLTHUB_TELEMETRY": "false",
        }
        python = str(folder / kind / "bin" / "python")
        script = str(ROOT / "benchmarks" / "peers" / f"run_{kind}.py")
        command = [python, script, str(path), *([api.upper()] if api else [])]
        usage = run(command, environment, LIMIT_SECONDS)
        pattern = "rows/opportunity/*.parquet" if kind == "dlt" else "rows.parquet"
        return _measured(client, usage, f"{output}/{pattern}", expected)


def prepare(folder: Path, kind: str) -> str:
    """Make the environment of a peer where it is absent; returns why that is impossible."""
    address, packages = SOURCES[kind]
    steps = []
    if not (folder / kind).exists():
        python = str(folder / kind / "bin" / "python")
        steps = [
            [sys.executable, "-m", "venv", str(folder / kind)],
            [python, "-m", "pip", "install", "--quiet", *packages],
        ]
    if not (folder / f"{kind}-source").exists():
        steps.append(
            ["git", "clone", "--quiet", "--depth", "1", address, str(folder / f"{kind}-source")]
        )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return ""


def measure_plain(server: Server, rows: int) -> list[Measurement]:
    """The server's ceiling: a plain client, uncompressed and compressed."""
    results = []
    for encoding in ("identity", "gzip"):
        cpu = time.process_time()
        size, waited, read = server.download(encoding)
        cpu = time.process_time() - cpu
        remark = (
            f"{waited:.1f} s until the job was done, then {size / read / 2**20:,.0f} MiB/s "
            f"({size / 2**20:,.0f} MiB)"
        )
        name = f"plain HTTP client, {encoding}"
        results.append(Measurement(name, rows, Usage(waited + read, 0, cpu), remark))
    return results


def show(measurements: list[Measurement], rows: int) -> None:
    """Print a table, with the time of each as a multiple of this extractor's."""
    ours = next((m.usage.seconds for m in measurements if m.client == "customer360"), None)
    print(f"\n| {rows:,} rows of {FIELDS} fields | s | rows/s | CPU s | peak MiB | x | lost |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for item in measurements:
        seconds = item.usage.seconds
        cells = [
            item.client,
            f"{seconds:.1f}",
            f"{item.rows / seconds:,.0f}" if seconds else "",
            f"{item.usage.cpu_seconds:.1f}",
            f"{item.usage.memory:,.0f}" if item.usage.memory else "",
            f"{seconds / ours:.2f}" if ours else "",
            item.remark,
        ]
        print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Measure and print."""
    keep = os.environ.get("BENCHMARK_PEERS")
    peers = Path(keep) if keep else Path(tempfile.mkdtemp(prefix="peers-"))
    try:
        with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
            server.widen()
            for rows in SIZES:
                server.fill(rows)
                expected = Path(folder) / "expected.parquet"
                server.expected(expected)
                measurements: list[Measurement] = []
                for client in CLIENTS:
                    if client == "plain":
                        measurements += measure_plain(server, rows)
                    elif client == "customer360":
                        measurements.append(measure_extractor(server, expected))
                    else:
                        measurements.append(measure_peer(server, peers, client, expected))
                show(measurements, rows)
                print(f"load of the machine: {os.getloadavg()[0]:.1f}", flush=True)
    finally:
        if not keep:
            shutil.rmtree(peers, ignore_errors=True)
