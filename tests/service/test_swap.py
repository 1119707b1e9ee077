"""A publish or a rollback under load: seen soon, no failed request, no mixed answer."""

import base64
import re
import shutil
import threading
import time
from pathlib import Path
from typing import Self

import duckdb
import httpx
import pytest

from common.encryption import KEY_BYTES
from service.state.tokens import add_token
from service.warehouse import UnreadableWarehouseError, open_snapshot
from tests.service.conftest import Server, copy_published, publish, serving, token_for
from warehouse.runner.encryption import load_httpfs

SWAP_SECONDS = 2.0
PATHS = ("/api/customers?limit=5", "/api/dashboard/summary", "/api/portfolio", "/api/rules")


class Load:
    """Clients that ask without pause and note what is wrong."""

    def __init__(self, running: Server, token: str, as_of_of: dict[str, str]) -> None:
        self.running, self.token, self.as_of_of = running, token, as_of_of
        self.failures: list[str] = []
        self.answers = 0
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(path,)) for path in PATHS]

    def __enter__(self) -> Self:
        """Start to ask."""
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and wait for the last answers."""
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def ask(self, path: str) -> None:
        with self.running.client(self.token) as client:
            number = 0
            while not self.stop.is_set():
                number += 1
                # Lists are asked for in a way that no cache holds.
                address = f"{path}&min_mrr={number}" if "?" in path else path
                try:
                    self.check(path, client.get(address))
                except httpx.HTTPError as error:
                    self.failures.append(f"{path}: {error!r}")

    def check(self, path: str, answer: httpx.Response) -> None:
        """An answer's day is that of the build which its ETag names."""
        if answer.status_code != 200:
            self.failures.append(f"{path}: {answer.status_code} {answer.text}")
            return
        build_id = answer.headers["etag"].split('"')[1].split(".")[0]
        if answer.json()["as_of"] != self.as_of_of[build_id]:
            self.failures.append(f"{path}: {build_id} with {answer.json()['as_of']}")
        self.answers += 1


def open_builds(data: Path) -> set[str]:
    """Builds of a data folder that any process has open."""
    found = set()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = descriptor.readlink()
        except OSError:
            continue
        if target.is_relative_to(data) and target.suffix == ".duckdb":
            found.add(target.stem)
    return found


def test_swaps_under_load(pristine_data_directory: Path, tmp_path: Path) -> None:
    data = copy_published(pristine_data_directory, tmp_path / "data")
    first = (data / "warehouse" / "current.duckdb").resolve()
    later = first.with_name("20991231T000000000Z.duckdb")
    shutil.copy(first, later)
    with duckdb.connect(str(later)) as connection:
        connection.execute("update gold.serving_customer set as_of = date '2099-12-31'")
    token = token_for(data, "viewer")
    with serving(data) as running, running.client(token) as client:
        as_of_of = {
            later.stem: "2099-12-31",
            first.stem: client.get("/api/build").json()["as_of"],
        }
        seen_after = []
        with Load(running, token, as_of_of) as load:
            for number in range(6):
                build_id = (later, first)[number % 2].stem
                publish(data, build_id)
                swapped_at = time.monotonic()
                while client.get("/api/build").json()["build_id"] != build_id:
                    assert time.monotonic() - swapped_at < 20
                    time.sleep(0.02)
                seen_after.append(time.monotonic() - swapped_at)
                time.sleep(0.3)
        assert not load.failures, load.failures[:5]
        assert load.answers > 50
        assert max(seen_after) < SWAP_SECONDS, seen_after
        time.sleep(0.5)
        assert open_builds(data) == {first.stem}


def test_a_file_that_cannot_be_served_leaves_the_old_one(
    pristine_data_directory: Path, tmp_path: Path
) -> None:
    data = copy_published(pristine_data_directory, tmp_path / "data")
    first = (data / "warehouse" / "current.duckdb").resolve()
    (first.parent / "broken.duckdb").write_bytes(b"not a database" * 1000)
    token = token_for(data, "viewer")
    with serving(data) as running, running.client(token) as client:
        publish(data, "broken")
        time.sleep(1.5)
        assert client.get("/api/build").json()["build_id"] == first.stem
        ready = client.get("/ready").json()
        assert "cannot be served" in ready["problems"][0]


def test_every_thread_reads_with_the_settings_of_the_build(pristine_data_directory: Path) -> None:
    """Cursors do not inherit what a connection sets for itself alone."""
    path = (pristine_data_directory / "warehouse" / "current.duckdb").resolve()
    snapshot = open_snapshot(path)
    try:
        settings = dict(
            snapshot.reader()
            .cursor.execute(
                "select name, value from duckdb_settings()"
                " where name in ('TimeZone', 'late_materialization_max_rows')"
            )
            .fetchall()
        )
    finally:
        snapshot.close()
    assert settings == {"TimeZone": "UTC", "late_materialization_max_rows": "0"}


def test_two_processes_share_writes_and_swaps(
    pristine_data_directory: Path, tmp_path: Path
) -> None:
    """Every new connection may reach either process; all of them see the same."""
    data = copy_published(pristine_data_directory, tmp_path / "data")
    builds = data / "warehouse" / "builds"
    first = (data / "warehouse" / "current.duckdb").resolve()
    shutil.copy(first, builds / "second.duckdb")
    with serving(data, "--workers", "2") as running:
        store = running.store()
        token = add_token(store, "both", "agent")
        store.close()

        def everywhere(path: str, field: str) -> set[str]:
            found = set()
            for _ in range(24):
                with running.client(token) as client:
                    found.add(str(client.get(path).json()[field]))
            return found

        assert everywhere("/api/actions", "total") == {"0"}
        with running.client(token) as client:
            chosen = client.get("/api/recommendations").json()["items"][0]["recommendation_id"]
            assert client.post(f"/api/actions/{chosen}/execute", json={}).status_code == 201
        time.sleep(1)
        assert everywhere("/api/actions", "total") == {"1"}

        # Whichever process is asked has counted the requests to both.
        for _ in range(8):
            text = httpx.get(f"{running.url}/metrics").raise_for_status().text
            counts = re.findall(
                r'request_seconds_count{.*"GET".*"/api/actions".*"200".*} (.*)', text
            )
            assert [float(count) for count in counts] == [48.0]
            assert "\ncustomer360_requests_in_flight 1.0\n" in text
            assert text.count("\ncustomer360_build_info{") == 1
        publish(data, "second")
        time.sleep(SWAP_SECONDS)
        assert everywhere("/api/build", "build_id") == {"second"}

        # Workers whose main process was killed leave the port, though a caller keeps it open.
        with running.client(token) as client:
            client.get("/health")
            running.process.kill()
            deadline = time.monotonic() + 15
            while open_builds(data):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            with pytest.raises(httpx.ConnectError):
                httpx.get(f"{running.url}/health")
    # What it had counted is of no use to the next, which clears it away.
    (folder,) = data.glob("metrics-*")
    port = int(folder.name.removeprefix("metrics-"))
    left = folder / "left"
    left.touch()
    with serving(data, "--workers", "2", port=port) as running:
        httpx.get(f"{running.url}/health").raise_for_status()
        assert folder.is_dir()
        assert not left.exists()
    assert not folder.exists()


def test_an_encrypted_build_needs_its_key(pristine_data_directory: Path, tmp_path: Path) -> None:
    data = copy_published(pristine_data_directory, tmp_path / "data")
    plain = (data / "warehouse" / "current.duckdb").resolve()
    key, other = (base64.b64encode(bytes([number]) * KEY_BYTES).decode() for number in (1, 2))
    with duckdb.connect() as connection:
        load_httpfs(connection)
        connection.execute(f"attach '{plain}' as plain (read_only)")
        path = plain.with_name("encrypted.duckdb")
        connection.execute(f"attach '{path}' as encrypted (encryption_key '{key}')")
        connection.execute("copy from database plain to encrypted")
    publish(data, "encrypted")
    token = token_for(data, "viewer")
    with (
        serving(data, CUSTOMER360_ENCRYPTION_KEY=key) as running,
        running.client(token) as client,
    ):
        assert client.get("/api/build").json()["build_id"] == "encrypted"
        assert client.get("/api/customers").json()["total"] > 0
    for wrong in (None, other):
        with pytest.raises(UnreadableWarehouseError, match="Set CUSTOMER360_ENCRYPTION_KEY to"):
            open_snapshot(path, wrong)
