"""Extraction speed and memory: this extractor, a plain HTTP client, and two other extractors.

Everything reads the same Opportunity rows (60 fields) from one sandbox org over TLS on loopback.
`BENCHMARK_ROWS` (default 1,000,000) are read by the extractor and the plain client,
`BENCHMARK_PEER_ROWS` (default 100,000) by all. `BENCHMARK_PEERS` names a folder that keeps the
throw-away environments of the others; without it they are made anew and removed.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import requests
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
ROWS = int(os.environ.get("BENCHMARK_ROWS") or 1_000_000)
PEER_ROWS = int(os.environ.get("BENCHMARK_PEER_ROWS") or 100_000)
FIELDS = 60
PAGE_ROWS = 122_880
VERSION = "v64.0"
SOURCES = {
    "dlt": ("https://github.com/dlt-hub/verified-sources", ["dlt[parquet]", "simple-salesforce"]),
    "tap": (
        "https://github.com/MeltanoLabs/tap-salesforce",
        ["singer-python~=5.13", "xmltodict", "simple-salesforce<1.0", "pyOpenSSL", "pyarrow"],
    ),
}


@dataclass(frozen=True)
class Measurement:
    """One run: rows delivered, seconds, peak memory in MiB, the client's own CPU seconds."""

    name: str
    rows: int
    seconds: float
    memory: float
    cpu_seconds: float
    remark: str = ""


class Server:
    """A sandbox org with as many opportunities as wanted."""

    def __init__(self, settings: dict[str, str]) -> None:
        """Speak to a running server."""
        self.settings = settings
        self.url = settings["SALESFORCE_LOGIN_URL"]
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = settings["SALESFORCE_CA_BUNDLE"]
        form = {
            "grant_type": "client_credentials",
            "client_id": settings["SALESFORCE_CLIENT_ID"],
            "client_secret": settings["SALESFORCE_CLIENT_SECRET"],
        }
        self.token = self.http.post(f"{self.url}/services/oauth2/token", data=form).json()[
            "access_token"
        ]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def sql(self, sql: str) -> list[list[Any]]:
        """Run SQL on the org's tables."""
        answer = self.http.post(f"{self.url}/sandbox/sql", json={"sql": sql})
        answer.raise_for_status()
        rows: list[list[Any]] = answer.json()["rows"]
        return rows

    def describe(self) -> dict[str, Any]:
        """The describe of Opportunity."""
        address = f"{self.url}/services/data/{VERSION}/sobjects/Opportunity/describe"
        document: dict[str, Any] = self.http.get(address).json()
        return document

    def widen(self) -> None:
        """Give Opportunity the number of fields that is measured."""
        describe = self.describe()
        models = [item for item in describe["fields"] if item["name"] in ("NextStep", "Amount")]
        for number in range(FIELDS - len(describe["fields"])):
            model = models[number % 2]
            name = f"Field_{number:02d}__c"
            kind = "varchar" if model["type"] == "string" else "decimal(18, 2)"
            self.sql(f'alter table "Opportunity" add column "{name}" {kind}')
            value = (
                f"'value ' || (hash(\"Id\") % {100 + 37 * number})::varchar"
                if kind == "varchar"
                else f'(hash("Id") % {10_000 * (number + 1)}) / 100'
            )
            self.sql(f'update "Opportunity" set "{name}" = {value}')
            describe["fields"].append({**model, "name": name, "label": name})
        self.http.post(f"{self.url}/sandbox/describe", json=describe).raise_for_status()
        self.sql('create table "Seed" as from "Opportunity" where not "IsDeleted"')

    def fill(self, rows: int) -> None:
        """Let Opportunity have exactly so many rows."""
        self.sql('delete from "Opportunity"')
        self.sql(
            f"""
            insert into "Opportunity"
            select s.* replace ('0065g' || lpad(row_number() over ()::varchar, 10, '0') || 'AAA'
                as "Id")
            from range({rows // 1000 + 1}) t(n), (from "Seed" limit 1000) s limit {rows}
            """
        )

    def download(self, encoding: str) -> tuple[int, float]:
        """What a plain HTTP client reads: a job's pages, one after the other, thrown away."""
        base = f"{self.url}/services/data/{VERSION}/jobs/query"
        names = ", ".join(
            item["name"] for item in self.describe()["fields"] if item["type"] != "address"
        )
        query = f"SELECT {names} FROM Opportunity"
        started = time.monotonic()
        job = self.http.post(base, json={"operation": "queryAll", "query": query}).json()["id"]
        while self.http.get(f"{base}/{job}").json()["state"] != "JobComplete":
            time.sleep(0.05)
        locator, size = "", 0
        while locator != "null":
            parameters: dict[str, Any] = {"maxRecords": PAGE_ROWS}
            parameters |= {"locator": locator} if locator else {}
            with self.http.get(
                f"{base}/{job}/results",
                params=parameters,
                headers={"Accept-Encoding": encoding},
                stream=True,
            ) as page:
                locator = page.headers["Sforce-Locator"]
                size += sum(len(chunk) for chunk in page.raw.stream(1 << 20, decode_content=False))
        seconds = time.monotonic() - started
        self.http.delete(f"{base}/{job}")
        return size, seconds


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """A sandbox org, served by a process of its own."""
    command = [sys.executable, "-m", "extract.sandbox", "--directory", str(folder)]
    process = subprocess.Popen(
        [*command, "--accounts", "1000", "--port", "0"], cwd=ROOT, stdin=subprocess.PIPE
    )
    try:
        while not (folder / "connection.json").exists():
            if process.poll() is not None:
                raise RuntimeError("the sandbox org did not start")
            time.sleep(0.1)
        yield Server(json.loads((folder / "connection.json").read_text(encoding="utf-8")))
    finally:
        process.terminate()
        process.wait()


def run(command: list[str], environment: dict[str, str]) -> tuple[float, float, float, str]:
    """Run a process; returns seconds, peak MiB, CPU seconds, and its last words if it failed."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("SALESFORCE_")}
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=plain | environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - started
        output.seek(0)
        words = output.read().strip().splitlines()[-1:] if process.returncode else []
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return seconds, usage.ru_maxrss / 1024, cpu_seconds, words[0] if words else ""


def delivered(pattern: str) -> int:
    """Distinct records in Parquet files; 0 when there are none."""
    with duckdb.connect() as connection:
        try:
            described = connection.execute(
                f"describe select * from read_parquet('{pattern}', union_by_name = true)"
            ).fetchall()
            column = next(row[0] for row in described if str(row[0]).lower() == "id")
            return int(
                connection.execute(
                    f"select count(distinct {column}) from "
                    f"read_parquet('{pattern}', union_by_name = true)"
                ).fetchall()[0][0]
            )
        except duckdb.IOException:
            return 0


def measure_extractor(server: Server, rows: int) -> Measurement:
    """This project's command, from start to exit."""
    with tempfile.TemporaryDirectory() as folder:
        environment = server.settings | {"CUSTOMER360_DATA": folder}
        command = [sys.executable, "-m", "extract", "--objects", "Opportunity"]
        seconds, memory, cpu, words = run(command, environment)
        found = delivered(f"{folder}/bronze/opportunity/*.parquet")
    return Measurement("customer360", found, seconds, memory, cpu, words or lost(found, rows))


def lost(found: int, rows: int) -> str:
    """What is missing."""
    return "complete" if found == rows else f"{rows - found:,} rows lost"


def measure_peer(
    server: Server, folder: Path, kind: str, rows: int, *arguments: str
) -> Measurement:
    """Another extractor in its own environment."""
    name = " ".join((kind, *arguments))
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
        seconds, memory, cpu, words = run([python, script, str(path), *arguments], environment)
        pattern = "rows/opportunity/*.parquet" if kind == "dlt" else "rows.parquet"
        found = delivered(f"{output}/{pattern}")
    return Measurement(name, found, seconds, memory, cpu, words or lost(found, rows))


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


def show(title: str, measurements: list[Measurement], console: Console) -> None:
    """Print a table, with ratios to the extractor."""
    table = Table(title=title, title_justify="left")
    for heading in ("", "rows", "seconds", "rows/s", "CPU s", "peak MiB", "extractor is", "remark"):
        table.add_column(heading, justify="left" if heading in ("", "remark") else "right")
    ours = measurements[0].seconds
    for item in measurements:
        table.add_row(
            item.name,
            f"{item.rows:,}",
            f"{item.seconds:.1f}",
            f"{item.rows / item.seconds:,.0f}",
            f"{item.cpu_seconds:.1f}",
            f"{item.memory:,.0f}",
            f"{item.seconds / ours:.2f} x as fast" if item is not measurements[0] else "",
            item.remark,
        )
    console.print(table)


def ceiling(server: Server, rows: int, console: Console) -> list[Measurement]:
    """The plain client, uncompressed and compressed."""
    results = []
    for encoding in ("identity", "gzip"):
        cpu = time.process_time()
        size, seconds = server.download(encoding)
        cpu = time.process_time() - cpu
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        results.append(Measurement(f"plain HTTP client, {encoding}", rows, seconds, memory, cpu))
        console.print(
            f"server's ceiling, {encoding}: {size / seconds / 2**20:,.0f} MiB/s "
            f"({size / 2**20:,.0f} MiB)"
        )
    return results


def main() -> None:
    """Measure and print."""
    console = Console(width=130)
    keep = os.environ.get("BENCHMARK_PEERS")
    peers = Path(keep) if keep else Path(tempfile.mkdtemp(prefix="peers-"))
    try:
        with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
            server.widen()
            server.fill(ROWS)
            measured = [measure_extractor(server, ROWS), *ceiling(server, ROWS, console)]
            show(f"{ROWS:,} rows of {FIELDS} fields", measured, console)
            server.fill(PEER_ROWS)
            measured = [measure_extractor(server, PEER_ROWS)]
            for kind, arguments in (("tap", ["BULK2"]), ("tap", ["REST"]), ("dlt", [])):
                reason = prepare(peers, kind)
                if reason:
                    console.print(f"{kind}: not measured: {reason}")
                    continue
                measured.append(measure_peer(server, peers, kind, PEER_ROWS, *arguments))
            show(f"{PEER_ROWS:,} rows of {FIELDS} fields", measured, console)
    finally:
        if not keep:
            shutil.rmtree(peers, ignore_errors=True)
