"""Actions: durable before the answer, exactly one Task in the end."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from service.app_state import AppState
from service.outbox import Outbox
from service.salesforce import DeliveryError, TaskClient, connection_settings
from service.schemas.actions import Execute
from service.settings import Settings
from service.state.actions import Recommended, execute, load_decisions, reference
from tests.conftest import run_stage
from tests.service.conftest import ROOT, copy_published, publish, serving, token_for
from tests.service.test_state import CALLER, RECOMMENDED


def open_recommendation(client: httpx.Client, place: int = 0) -> dict[str, Any]:
    answer = client.get("/api/recommendations", params={"state": "open", "limit": 200}).json()
    chosen: dict[str, Any] = answer["items"][place]
    return chosen


def test_execute_is_idempotent_and_shown_at_once(agent: httpx.Client) -> None:
    before = agent.get("/api/actions").json()
    chosen = open_recommendation(agent)
    path = f"/api/actions/{chosen['recommendation_id']}/execute"
    order = {"note": "Call the CFO", "due_on": "2030-01-01", "assignee": "Ada"}
    first = agent.post(path, json=order, headers={"Idempotency-Key": "one"})
    assert first.status_code == 201, first.text
    again = agent.post(path, json=order, headers={"Idempotency-Key": "one"})
    other = agent.post(path, json={})
    assert (again.status_code, other.status_code) == (200, 200)
    assert {answer.json()["action_id"] for answer in (first, again, other)} == {
        first.json()["action_id"]
    }
    after = agent.get("/api/actions").json()
    assert after["total"] == before["total"] + 1
    assert after["items"][0]["note"] == "Call the CFO"
    assert after["execution_rate"] > (before["execution_rate"] or 0)
    customer = f"/api/customer/{chosen['customer_id']}"
    events = agent.get(f"{customer}/timeline", params={"type": "ACTION"}).json()["items"]
    assert [event["title"] for event in events] == [chosen["action"]]
    states = {
        row["recommendation_id"]: row["state"]
        for row in agent.get(customer).json()["recommendations"]
    }
    assert states[chosen["recommendation_id"]] == "executed"
    refused = agent.post(
        f"/api/actions/{chosen['recommendation_id']}/dismiss", json={"reason": "too late"}
    )
    assert refused.status_code == 409


def test_dismiss_acknowledge_and_snooze(agent: httpx.Client) -> None:
    chosen = open_recommendation(agent, 1)
    path = f"/api/actions/{chosen['recommendation_id']}/dismiss"
    assert agent.post(path, json={"reason": "No budget"}).json()["state"] == "dismissed"
    open_ones = agent.get("/api/recommendations", params={"state": "open", "limit": 200}).json()
    ids = {row["recommendation_id"] for row in open_ones["items"]}
    assert chosen["recommendation_id"] not in ids
    alert = agent.get("/api/alerts", params={"state": "open"}).json()["items"][0]
    path = f"/api/alerts/{alert['alert_id']}"
    taken = agent.post(f"{path}/acknowledge", json={"note": "mine"}).json()
    assert (taken["state"], taken["state_note"]) == ("acknowledged", "mine")
    snoozed = agent.post(f"{path}/snooze", json={"until": "2999-01-01", "reason": "later"}).json()
    assert (snoozed["state"], snoozed["snoozed_until"]) == ("snoozed", "2999-01-01")
    listed = agent.get("/api/alerts", params={"state": "snoozed"}).json()["items"]
    assert alert["alert_id"] in {row["alert_id"] for row in listed}
    past = agent.post(f"{path}/snooze", json={"until": "2000-01-01", "reason": "never"})
    assert past.status_code == 400
    assert past.json()["field"] == "until"


def test_an_action_survives_a_kill_right_after_the_answer(
    pristine_data_directory: Path, tmp_path: Path
) -> None:
    data = copy_published(pristine_data_directory, tmp_path / "data")
    token = token_for(data, "agent")
    with serving(data) as running:
        with running.client(token) as client:
            chosen = open_recommendation(client)
            path = f"/api/actions/{chosen['recommendation_id']}/execute"
            answer = client.post(path, json={})
        os.kill(running.process.pid, signal.SIGKILL)
    assert answer.status_code == 201
    with serving(data) as running, running.client(token) as client:
        again = client.post(path, json={})
        assert again.status_code == 200
        assert again.json()["action_id"] == answer.json()["action_id"]


# --- delivery to the sandbox org


@contextmanager
def sandbox(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """The sandbox org, ready, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "extract.sandbox", "--directory", str(directory), "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while not (directory / "connection.json").exists():
            assert process.poll() is None, "the sandbox org did not start"
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture(scope="module")
def org(pristine_data_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a copy of the org and nothing else."""
    data = tmp_path_factory.mktemp("org")
    shutil.copytree(pristine_data_directory / "sandbox", data / "sandbox")
    (data / "sandbox" / "connection.json").unlink(missing_ok=True)
    return data


def control(settings: dict[str, str], name: str, document: dict[str, Any] | None = None) -> None:
    httpx.post(
        f"{settings['SALESFORCE_LOGIN_URL']}/sandbox/{name}",
        json=document or {},
        verify=ssl.create_default_context(cafile=settings["SALESFORCE_CA_BUNDLE"]),
    ).raise_for_status()


class Desk:
    """A store, an outbox that is driven by hand, and the org behind it."""

    def __init__(self, data: Path, state: Path) -> None:
        self.data = data
        self.app_state = AppState(Settings(data=data, state_url=f"sqlite:///{state}"))
        self.app_state.store.migrate()
        self.outbox = Outbox(self.app_state)

    def execute(self, **changes: Any) -> str:
        recommended = Recommended(
            **{name: getattr(RECOMMENDED, name) for name in RECOMMENDED.__dataclass_fields__}
            | changes
        )
        action_id, _ = execute(
            self.app_state.store,
            recommended,
            Execute(note="from a test"),
            CALLER,
            idempotency_key=None,
            request_id="t",
        )
        return action_id

    def deliver(self, seconds: float = 30) -> dict[str, Any]:
        """Deliver until nothing is pending; the newest action."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.outbox.deliver_next()
            newest = load_decisions(self.app_state.store).actions[0]
            if newest["state"] != "pending":
                return newest
            time.sleep(0.1)
        return load_decisions(self.app_state.store).actions[0]

    def settings(self) -> dict[str, str]:
        found = connection_settings(self.data)
        assert found
        return found

    def tasks(self, action_id: str) -> list[dict[str, Any]]:
        client = TaskClient(self.settings()).client
        found = client.query(
            "SELECT Id, Subject, WhatId, ActivityDate FROM Task"
            f" WHERE Subject LIKE '%[{reference(action_id)}]'"
        )
        records: list[dict[str, Any]] = found["records"]
        return records

    def control(self, name: str, document: dict[str, Any] | None = None) -> None:
        """Use one of the sandbox's own endpoints."""
        control(self.settings(), name, document)


@pytest.fixture
def desk(org: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for name in list(os.environ):
        if name.startswith("SALESFORCE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    opened = Desk(org, tmp_path / "state.db")
    yield opened
    opened.app_state.store.close()


def account_of(desk: Desk) -> str:
    client = TaskClient(desk.settings()).client
    return str(client.query("SELECT Id FROM Account LIMIT 1")["records"][0]["Id"])


def test_an_action_becomes_one_task(desk: Desk) -> None:
    action_id = desk.execute()
    waiting = desk.deliver(seconds=1)
    assert waiting["state"] == "pending"
    assert "No Salesforce org" in waiting["detail"]
    with sandbox(desk.data / "sandbox"):
        account_id = account_of(desk)
        action_id = desk.execute(
            recommendation_id="e" * 32, customer_id=account_id, account_id=account_id
        )
        delivered = desk.deliver()
        assert delivered["state"] == "delivered", delivered["detail"]
        (task,) = desk.tasks(action_id)
        assert task["Id"] == delivered["salesforce_task_id"]
        assert task["WhatId"] == account_id
        assert task["Subject"].startswith("Schedule Urgent Retention Call")

        # An expired session, and an answer that was lost after the Task was made.
        desk.control("expire_sessions")
        action_id = desk.execute(
            recommendation_id="f" * 32, customer_id=account_id, account_id=account_id
        )
        assert desk.deliver()["state"] == "delivered"
        outbox = desk.outbox
        assert outbox.client
        action = next(
            row
            for row in load_decisions(desk.app_state.store).actions
            if row["action_id"] == action_id
        )
        assert outbox.client.deliver(action, reference(action_id)) == action["salesforce_task_id"]
        assert len(desk.tasks(action_id)) == 1


def test_a_password_that_ends_with_a_quote_is_kept(desk: Desk, tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("SALESFORCE_USERNAME=ada\nSALESFORCE_PASSWORD=\"it's ok'\"\n")
    assert connection_settings(desk.data, dotenv) == {
        "SALESFORCE_USERNAME": "ada",
        "SALESFORCE_PASSWORD": "it's ok'",
    }


def test_an_address_without_a_scheme_and_a_whole_version_are_taken(desk: Desk) -> None:
    with sandbox(desk.data / "sandbox"):
        settings = desk.settings()
        settings["SALESFORCE_LOGIN_URL"] = settings["SALESFORCE_LOGIN_URL"].partition("://")[2]
        settings["SALESFORCE_API_VERSION"] = "64"
        client = TaskClient(settings).client
        assert client.query("SELECT COUNT() FROM Account")["totalSize"] > 0


def test_the_org_is_reached_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            for _ in range(2):
                connection, _ = listener.accept()
                with connection:
                    asked.append(connection.recv(4096).partition(b"\r\n")[0])
                    connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        proxy = threading.Thread(target=refuse, daemon=True)
        proxy.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(DeliveryError, match="did not answer"):
            TaskClient(
                {
                    "SALESFORCE_LOGIN_URL": "https://org.example",
                    "SALESFORCE_CLIENT_ID": "id",
                    "SALESFORCE_CLIENT_SECRET": "secret",
                }
            )
        proxy.join(10)
    assert [line.rpartition(b" ")[0] for line in asked] == [b"CONNECT org.example:443"] * 2


def test_a_slow_org_gets_one_task_and_a_refusal_is_told_not_repeated(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sandbox(desk.data / "sandbox"):
        account_id = account_of(desk)
        of_account = {"customer_id": account_id, "account_id": account_id}

        # Slower than anybody waits: pending with the reason, then one Task.
        monkeypatch.setattr("service.salesforce.TIMEOUT_SECONDS", 0.5)
        desk.control("switches", {"slow_seconds": 1})
        action_id = desk.execute(recommendation_id="1" * 32, **of_account)
        slow = desk.deliver(seconds=1)
        assert slow["state"] == "pending"
        assert slow["detail"].endswith("It is tried again.")
        desk.control("switches")
        monkeypatch.setattr("service.salesforce.TIMEOUT_SECONDS", 30.0)
        assert desk.deliver()["state"] == "delivered"
        assert len(desk.tasks(action_id)) == 1

        # The org hides a field that the Task needs.
        described = TaskClient(desk.settings()).client.Task.describe()
        hidden = [field for field in described["fields"] if field["name"] != "WhatId"]
        desk.control("describe", described | {"fields": hidden})
        order = {"recommendation_id": "2" * 32, **of_account}
        action_id = desk.execute(**order)
        refused = desk.deliver()
        assert refused["state"] == "failed"
        assert "WhatId" in refused["detail"]
        assert refused["detail"].endswith("Put right what it names, and execute again.")
        assert not desk.outbox.deliver_next()

        # Put right and executed again: the same action, one Task.
        desk.control("describe", described)
        assert desk.execute(**order) == action_id
        assert desk.deliver()["state"] == "delivered"
        assert desk.execute(**order) == action_id
        assert not desk.outbox.deliver_next()
        assert len(desk.tasks(action_id)) == 1


def test_an_action_is_on_the_timeline_once_before_and_after_the_next_build(
    pristine_data_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the API through the org, the extraction and dbt, back to the API."""
    data = copy_published(pristine_data_directory, tmp_path / "data")
    for stage in ("bronze", "sandbox"):
        shutil.copytree(pristine_data_directory / stage, data / stage)
    (data / "sandbox" / "connection.json").unlink(missing_ok=True)
    token = token_for(data, "agent")
    with sandbox(data / "sandbox"), serving(data) as running, running.client(token) as client:
        settings = connection_settings(data, tmp_path / "none")
        assert settings
        # The org makes the Task, and its answer is lost; it is slow besides.
        control(settings, "switches", {"lost_replies": 1, "slow_seconds": 0.2})
        chosen = open_recommendation(client)
        path = f"/api/actions/{chosen['recommendation_id']}/execute"
        assert client.post(path, json={}).status_code == 201

        def action_events() -> list[dict[str, Any]]:
            path = f"/api/customer/{chosen['customer_id']}/timeline"
            events: list[dict[str, Any]] = client.get(path, params={"type": "ACTION"}).json()[
                "items"
            ]
            return events

        assert [event["source_object"] for event in action_events()] == ["Action"]
        deadline = time.monotonic() + 30
        while (action := client.get("/api/actions").json()["items"][0])[
            "delivery_state"
        ] == "pending":
            assert time.monotonic() < deadline, action
            time.sleep(0.1)
        assert action["delivery_state"] == "delivered", action["delivery_detail"]
        assert action["observed_impact_usd"] is None, "no later day has been scored"
        control(settings, "switches")

        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        run_stage(data, "extract")
        candidate = data / "warehouse" / "builds" / "later.duckdb"
        shutil.copy((data / "warehouse" / "current.duckdb").resolve(), candidate)
        monkeypatch.setenv("CUSTOMER360_WAREHOUSE_FILE", str(candidate))
        monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
        monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "logs"))
        monkeypatch.setenv("DBT_PROJECT_DIR", "warehouse")
        # What the Task passes through, on top of the build before.
        models = (
            "+int_*_event",
            "int_published_date",
            "core_scored_date",
            "gold_customer_timeline",
        )
        run_stage(data, "dbt.cli.main", "run", "--select", *models)
        with duckdb.connect(str(candidate)) as connection:
            connection.execute(
                "update gold.serving_customer set as_of = current_date + 1, arr_usd = arr_usd + 120"
            )
        publish(data, candidate.stem)
        while client.get("/api/build").json()["build_id"] != candidate.stem:
            time.sleep(0.1)
        observed = client.get("/api/actions").json()["items"][0]["observed_impact_usd"]
        assert observed == pytest.approx(120)
        assert [(event["source_object"], event["source_id"]) for event in action_events()] == [
            ("Task", action["salesforce_task_id"])
        ]
