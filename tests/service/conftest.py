"""A real server on a real published build, and callers of every kind."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
import sqlalchemy as sa

from service.schemas.base import Role
from service.state.store import StateStore
from service.state.tokens import add_token

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass
class Server:
    """A running server."""

    url: str
    data: Path
    process: subprocess.Popen[str]

    def client(self, token: str | None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def store(self) -> StateStore:
        return StateStore(f"sqlite:///{self.data / 'state.db'}")


@contextmanager
def serving(
    data: Path, *arguments: str, port: int | None = None, **environment: str
) -> Iterator[Server]:
    """Run `python -m service` on a data folder until the block ends."""
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "--port", str(port), *arguments],
        cwd=ROOT,
        env=os.environ
        | {"CUSTOMER360_DATA": str(data), "CUSTOMER360_REQUESTS_PER_MINUTE": "1000000"}
        | environment,
        stdout=subprocess.PIPE,
        stderr=(data / "service.log").open("a"),
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{url}/health", timeout=2)
                break
            except httpx.TransportError:
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"the server did not start: {(data / 'service.log').read_text()}")
                time.sleep(0.1)
        yield Server(url, data, process)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def copy_published(source: Path, target: Path) -> Path:
    """A data folder with the published build alone."""
    (target / "warehouse" / "builds").mkdir(parents=True)
    build = (source / "warehouse" / "current.duckdb").resolve()
    shutil.copy(build, target / "warehouse" / "builds" / build.name)
    (target / "warehouse" / "current.duckdb").symlink_to(Path("builds") / build.name)
    return target


def publish(data: Path, build_id: str) -> None:
    """Make a build the current one, as the pipeline does."""
    link = data / "warehouse" / "next"
    link.symlink_to(Path("builds") / f"{build_id}.duckdb")
    link.replace(data / "warehouse" / "current.duckdb")


def token_for(data: Path, role: Role) -> str:
    """A token for a data folder whose server does not run yet."""
    store = StateStore(f"sqlite:///{data / 'state.db'}")
    store.migrate()
    token = add_token(store, role, role)
    store.close()
    return token


@pytest.fixture(scope="session")
def server(
    pristine_data_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    data = copy_published(pristine_data_directory, tmp_path_factory.mktemp("served"))
    with serving(data) as running:
        yield running


@pytest.fixture(scope="session")
def warehouse(server: Server) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same file, read beside the server: what answers are compared with."""
    path = (server.data / "warehouse" / "current.duckdb").resolve()
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def make_client(server: Server) -> Iterator[Callable[..., httpx.Client]]:
    """A client with a new token of some rights."""
    clients: list[httpx.Client] = []
    store = server.store()

    def make(role: Any = "viewer", **rights: Any) -> httpx.Client:
        secret = add_token(store, f"{role} {len(clients)}", role, **rights)
        # At once: a token made by another process is good from the first request on.
        client = server.client(secret)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()
    store.close()


@pytest.fixture(scope="session")
def agent(make_client: Callable[..., httpx.Client]) -> httpx.Client:
    return make_client("agent")


@pytest.fixture(scope="session")
def viewer(make_client: Callable[..., httpx.Client]) -> httpx.Client:
    return make_client("viewer")


@pytest.fixture(scope="session")
def region(warehouse: duckdb.DuckDBPyConnection) -> str:
    """A region with customers, masters across regions among them."""
    row = warehouse.execute(
        "select region from gold.serving_customer group by region order by count(*) desc limit 1"
    ).fetchone()
    assert row
    name: str = row[0]
    return name


@pytest.fixture(scope="session")
def african(make_client: Callable[..., httpx.Client], region: str) -> httpx.Client:
    """A viewer who is limited to one region."""
    return make_client("viewer", regions=[region])


@pytest.fixture(scope="session")
def masked(make_client: Callable[..., httpx.Client]) -> httpx.Client:
    """A viewer without the right to personal data."""
    return make_client("viewer", may_see_personal_data=False)


@pytest.fixture
def state_url(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty state store: SQLite, and PostgreSQL where CUSTOMER360_TEST_POSTGRESQL names one."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'state.db'}"
        return
    server_url = os.environ.get("CUSTOMER360_TEST_POSTGRESQL")
    if not server_url:
        if os.environ.get("CI") == "true":
            pytest.fail("CUSTOMER360_TEST_POSTGRESQL must name a PostgreSQL server in CI")
        pytest.skip("set CUSTOMER360_TEST_POSTGRESQL=postgresql://user@host/postgres to run")
    name = "test_" + re.sub(r"\W", "", tmp_path.name).lower()[:40]
    admin = sa.create_engine(
        sa.make_url(server_url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f'drop database if exists "{name}"')
        connection.exec_driver_sql(f'create database "{name}"')
    yield str(sa.make_url(server_url).set(database=name).render_as_string(hide_password=False))
    with admin.connect() as connection:
        connection.exec_driver_sql(f'drop database "{name}" with (force)')
    admin.dispose()
