"""A sandbox org with a table of any number of rows, for the extraction benchmarks."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent
FIELDS = 60
PAGE_ROWS = 122_880
SEEDS = 1000
VERSION = "v64.0"
# Every 1000 rows: what text fields of real orgs hold and clients stumble over.
AWKWARD_TEXT = (
    "NA", "N/A", "None", "null", "-", '"quoted", with comma', "two\nlines", "cr\r\nlf", "é ü 漢 🚀",
)  # fmt: skip
LARGEST_AMOUNT = "1234567890123456.78"


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
        self.values: dict[str, str] = {}

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
            if model["type"] == "string":
                kind = "varchar"
                value = f"'value ' || (hash(n, {number}) % {100 + 37 * number})::varchar"
            else:
                kind = "decimal(18, 2)"
                value = f"((hash(n, {number}) % {10_000 * (number + 1)}) / 100)::decimal(18, 2)"
            self.sql(f'alter table "Opportunity" add column "{name}" {kind}')
            self.values[name] = value
            describe["fields"].append({**model, "name": name, "label": name})
        self.http.post(f"{self.url}/sandbox/describe", json=describe).raise_for_status()
        self.sql(f'create table "Seed" as from "Opportunity" where not "IsDeleted" limit {SEEDS}')

    def fill(self, rows: int) -> None:
        """Let Opportunity have exactly so many rows, one in a hundred of them deleted.

        One in a thousand holds text that clients stumble over, and an amount with more digits
        than a floating-point number has.
        """
        awkward = ", ".join(f"'{text}'" for text in AWKWARD_TEXT)
        values = self.values | {
            "Id": "'0065g' || lpad(n::varchar, 10, '0') || 'AAA'",
            "Name": "\"Name\" || ' ' || n::varchar",
            "IsDeleted": "n % 100 = 50",
            "NextStep": f"if(n % 1000 = 7, [{awkward}][1 + n // 1000 % {len(AWKWARD_TEXT)}], "
            '"NextStep")',
            "Amount": f'if(n % 1000 = 7, {LARGEST_AMOUNT}::decimal(18, 2), "Amount" + n % 9973)',
        }
        replaced = ", ".join(f'{value} as "{name}"' for name, value in values.items())
        self.sql('delete from "Opportunity"')
        self.sql(
            f"""
            insert into "Opportunity"
            select s.* exclude (n, m) replace ({replaced})
            from (
                from range({rows}) as t(n)
                join (select *, row_number() over () - 1 as m from "Seed") as seed
                    on seed.m = t.n % {SEEDS}
            ) as s
            """
        )

    def repeat(self, name: str, rows: int) -> None:
        """Let an object have exactly so many rows: the generated ones, with other ids."""
        seed = f"Seed_{name}"
        self.sql(f'create table if not exists "{seed}" as from "{name}" where not "IsDeleted"')
        seeds = self.sql(f'select count(*) from "{seed}"')[0][0]
        self.sql(f'delete from "{name}"')
        # The number is written out: with a subquery the join would not be a hash join.
        self.sql(
            f"""
            insert into "{name}"
            select s.* exclude (n, m)
                replace (left("Id", 3) || '5g' || lpad(n::varchar, 10, '0') || 'AAA' as "Id")
            from (
                from range({rows}) as t(n)
                join (select *, row_number() over () - 1 as m from "{seed}") as seed
                    on seed.m = t.n % {seeds}
            ) as s
            """
        )

    def expected(self, path: Path) -> None:
        """Write the rows that a complete extraction has to deliver, to a Parquet file."""
        self.sql(f"copy \"Opportunity\" to '{path}' (format parquet)")

    def download(self, encoding: str) -> tuple[int, float, float]:
        """Read a job's pages one after the other and throw them away, as a plain HTTP client.

        Returns bytes on the wire, seconds until the job was complete, and seconds of reading.
        """
        base = f"{self.url}/services/data/{VERSION}/jobs/query"
        names = ", ".join(
            item["name"] for item in self.describe()["fields"] if item["type"] != "address"
        )
        query = f"SELECT {names} FROM Opportunity"
        started = time.monotonic()
        job = self.http.post(base, json={"operation": "queryAll", "query": query}).json()["id"]
        while self.http.get(f"{base}/{job}").json()["state"] != "JobComplete":
            time.sleep(0.05)
        ready = time.monotonic()
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
        ended = time.monotonic()
        self.http.delete(f"{base}/{job}")
        return size, ready - started, ended - ready


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """A sandbox org, served by a process of its own."""
    command = [sys.executable, "-m", "extract.sandbox", "--directory", str(folder)]
    process = subprocess.Popen(
        [*command, "--accounts", "1000", "--port", "0"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
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
