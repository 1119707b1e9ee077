"""A served sandbox org, run as a user runs it."""

import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from simple_salesforce.api import Salesforce

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120


class ServedOrg:
    """The address of a running sandbox org, and a signed-in plain HTTP client."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.settings: dict[str, str] = json.loads(
            (directory / "connection.json").read_text(encoding="utf-8")
        )
        self.url = self.settings["SALESFORCE_LOGIN_URL"]
        self.http = httpx.Client(
            base_url=self.url,
            verify=ssl.create_default_context(cafile=self.settings["SALESFORCE_CA_BUNDLE"]),
            timeout=30,
        )
        self.sign_in()

    def token_request(self, **form: str) -> httpx.Response:
        """Ask the token endpoint."""
        return self.http.post("/services/oauth2/token", data=form)

    def sign_in(self) -> str:
        """Sign in with client credentials; the access token is returned."""
        answer = self.token_request(
            grant_type="client_credentials",
            client_id=self.settings["SALESFORCE_CLIENT_ID"],
            client_secret=self.settings["SALESFORCE_CLIENT_SECRET"],
        )
        token = str(answer.json()["access_token"])
        self.http.headers["Authorization"] = f"Bearer {token}"
        return token

    def get(self, path: str, **parameters: str | int) -> httpx.Response:
        """GET below the API version."""
        return self.http.get(f"/services/data/v64.0/{path}", params=parameters)

    def query(self, soql: str) -> dict[str, Any]:
        """The JSON of a REST query."""
        document: dict[str, Any] = self.get("query", q=soql).json()
        return document

    def switch(self, **switches: str | int | None) -> None:
        """Turn switches on or off; without any, all off."""
        self.http.post("/sandbox/switches", json=switches).raise_for_status()

    def sql(self, sql: str, *parameters: object) -> list[list[Any]]:
        """Run SQL on the org."""
        answer = self.http.post("/sandbox/sql", json={"sql": sql, "parameters": parameters})
        answer.raise_for_status()
        rows: list[list[Any]] = answer.json()["rows"]
        return rows

    def simple_salesforce(self) -> Any:
        """A simple-salesforce client with its own session."""
        client = Salesforce(instance_url=self.url, session_id=self.sign_in(), version="64.0")
        client.session.verify = self.settings["SALESFORCE_CA_BUNDLE"]
        # A bundle named in the environment would win over the one above.
        client.session.trust_env = False
        return client


@pytest.fixture(scope="session")
def served_org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedOrg]:
    """One org of 150 accounts for all tests; `org` gives it with every switch off."""
    directory = tmp_path_factory.mktemp("org")
    command = [sys.executable, "-m", "extract.sandbox", "--directory", str(directory)]
    server = subprocess.Popen(
        [*command, "--accounts", "150", "--port", "0"],
        cwd=ROOT,
        env=os.environ | {"CUSTOMER360_DATA": str(directory)},
        stdin=subprocess.PIPE,
    )
    connection = directory / "connection.json"
    deadline = time.monotonic() + START_SECONDS
    while not connection.exists():
        if server.poll() is not None or time.monotonic() > deadline:
            pytest.fail("the sandbox org did not start")
        time.sleep(0.05)
    yield ServedOrg(directory)
    server.terminate()
    assert server.wait(20) == 0
    assert not connection.exists(), "connection.json goes with the server"


@pytest.fixture
def org(served_org: ServedOrg) -> Iterator[ServedOrg]:
    served_org.sign_in()
    yield served_org
    served_org.switch()
