"""A sandbox org that is really served, and the real command against it."""

import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests
import yaml

from extract.__main__ import main
from salesforce.settings import SETTING_NAMES, read_connection_file

ROOT = Path(__file__).resolve().parents[2]
ACCOUNTS = "200"
START_SECONDS = 120
BULK: dict[str, Any] = {"rest_rows": 0, "bulk_page_rows": 100}
REST: dict[str, Any] = {"rest_rows": 1_000_000}
NEW_IDS = (f"0015gTEST{number:06d}AAA" for number in itertools.count())


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox org."""

    directory: Path
    settings: dict[str, str]

    def _post(self, path: str, document: dict[str, Any]) -> Any:
        answer = requests.post(
            f"{self.settings['SALESFORCE_LOGIN_URL']}/sandbox/{path}",
            json=document,
            verify=self.settings["SALESFORCE_CA_BUNDLE"],
            timeout=60,
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def switch(self, **switches: str | float) -> None:
        """Misbehave in these ways from now on, and in no other."""
        self._post("switches", {})
        if switches:
            self._post("switches", {name: str(value) for name, value in switches.items()})

    def sql(self, sql: str, *parameters: Any) -> list[list[Any]]:
        """Run SQL on the org's tables."""
        answer = self._post("sql", {"sql": sql, "parameters": list(parameters)})
        rows: list[list[Any]] = answer["rows"] if isinstance(answer, dict) else answer
        return rows

    def describe(self, document: dict[str, Any]) -> None:
        """Replace the describe of an object."""
        self._post("describe", document)


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    output: str
    errors: str
    data: Path

    @property
    def manifest(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.data / "bronze" / "manifest.json").read_text())
        return document

    @property
    def run(self) -> dict[str, Any]:
        run: dict[str, Any] = self.manifest["runs"][-1]
        return run

    def record(self, name: str) -> dict[str, Any]:
        return next(record for record in self.run["objects"] if record["object"] == name)


class Extraction:
    """The extract command with a data folder and an objects.yml of its own."""

    def __init__(self, data: Path, sandbox: Sandbox, capture: Any) -> None:
        self.data = data
        self.sandbox = sandbox
        self.capture = capture
        self.configuration = data / "objects.yml"
        self.configure("Account")

    def configure(self, *names: str, **settings: Any) -> None:
        """Extract these objects, with these settings."""
        document = {"objects": {name: {} for name in names}, "settings": settings}
        self.configuration.write_text(yaml.safe_dump(document))

    def environment(self, **changes: str) -> dict[str, str]:
        """What the command finds in its environment."""
        return {**self.sandbox.settings, "CUSTOMER360_DATA": str(self.data), **changes}

    def __call__(self, *arguments: str, **environment: str) -> Outcome:
        """Run the command in this process."""
        command = ["extract", *arguments]
        if "--config" not in arguments:
            command += ["--config", str(self.configuration)]
        with pytest.MonkeyPatch.context() as patch:
            for name in SETTING_NAMES:
                patch.delenv(name, raising=False)
            for name, value in self.environment(**environment).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", command)
            patch.chdir(self.data)
            self.capture.readouterr()
            code = main()
            output, errors = self.capture.readouterr()
        return Outcome(code, output, errors, self.data)

    def whole(self, *arguments: str, **environment: str) -> Outcome:
        """Run the command and expect completeness."""
        outcome = self(*arguments, **environment)
        assert outcome.code == 0, outcome.output + outcome.errors
        return outcome

    def process(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments in the command's environment, as a process."""
        environment = {k: v for k, v in os.environ.items() if k not in SETTING_NAMES}
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment | self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def query(self, sql: str, name: str = "Account") -> list[tuple[Any, ...]]:
        """Run SQL on the visible files of an object, as table `bronze`."""
        manifest = json.loads((self.data / "bronze" / "manifest.json").read_text())
        files = [
            str(self.data / "bronze" / file["path"]) for file in manifest["objects"][name]["files"]
        ]
        with duckdb.connect() as connection:
            connection.execute(
                "create view bronze as select * from read_parquet("
                f"{files}, union_by_name = true, filename = true)"
            )
            return connection.execute(sql).fetchall()

    def assert_equals_org(self, name: str = "Account") -> None:
        """The newest versions in bronze are the org's rows, and no version is there twice."""
        live = self.query(
            """
            select Id, strftime(modified, '%Y-%m-%dT%H:%M:%S.%g')
            from (
                select
                    Id,
                    arg_max(IsDeleted, (_extracted_at, coalesce(SystemModstamp, _extracted_at)))
                        as gone,
                    (max(SystemModstamp) at time zone 'UTC') as modified
                from bronze group by Id
            )
            where not gone order by Id
            """,
            name,
        )
        expected = self.sandbox.sql(
            f"""
            select "Id", strftime("SystemModstamp" at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%g')
            from "{name}" where not "IsDeleted" order by "Id"
            """
        )
        assert live == [tuple(row) for row in expected]
        twice = self.query(
            """
            select Id from bronze where SystemModstamp is not null
            group by Id, SystemModstamp, IsDeleted having count(*) > count(distinct _extracted_at)
            """,
            name,
        )
        assert twice == []


@pytest.fixture(scope="session")
def served_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    directory = tmp_path_factory.mktemp("sandbox")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "extract.sandbox", "--directory", str(directory)]
    server = subprocess.Popen(
        [*command, "--accounts", ACCOUNTS, "--port", str(port)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    connection = directory / "connection.json"
    deadline = time.monotonic() + START_SECONDS
    while not connection.exists():
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            pytest.fail(f"the sandbox org did not start: {server.communicate()[1]}")
        time.sleep(0.05)
    yield Sandbox(directory, read_connection_file(connection))
    server.terminate()
    server.communicate(timeout=20)


@pytest.fixture
def sandbox(served_sandbox: Sandbox) -> Iterator[Sandbox]:
    """The served org, behaving well again after the test."""
    served_sandbox.switch()
    yield served_sandbox
    served_sandbox.switch()


@pytest.fixture
def extraction(tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> Extraction:
    """The extract command with an empty data folder."""
    return Extraction(tmp_path, sandbox, capsys)


@pytest.fixture
def new_accounts(extraction: Extraction) -> Any:
    """Inserts accounts modified at a given moment; removes them at the end."""
    made: list[str] = []

    def insert(*moments: datetime, name: str = "New") -> list[str]:
        ids = []
        for moment in moments:
            record_id = next(NEW_IDS)
            made.append(record_id)
            ids.append(record_id)
            extraction.sandbox.sql(
                """
                insert into "Account" ("Id", "IsDeleted", "Name", "CreatedDate",
                    "LastModifiedDate", "SystemModstamp")
                values (?, false, ?, ?::timestamptz, ?::timestamptz, ?::timestamptz)
                """,
                record_id,
                name,
                *[moment.isoformat()] * 3,
            )
        return ids

    yield insert
    for record_id in made:
        extraction.sandbox.sql('delete from "Account" where "Id" = ?', record_id)
