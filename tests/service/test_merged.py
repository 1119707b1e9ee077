"""A customer whose account was merged away: its old id leads on, and what was decided stays."""

from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import duckdb
import httpx
import pytest

from service.aliases import Aliases, FormerId, rule_key
from service.queries.caller_view import to_long_id
from service.state.actions import Decisions, follow
from service.state.tokens import add_token
from tests.service.conftest import Server, copy_published, serving, token_for

FORMER_SHORT = "001FORMER000001"
FORMER = to_long_id(FORMER_SHORT)
MERGED_ON = date(2026, 1, 5)


class Survivor(NamedTuple):
    customer_id: str
    region: str
    alert_code: str
    rule_id: str


@pytest.fixture(scope="module")
def survivor(pristine_data_directory: Path) -> Survivor:
    """A customer with an alert and a recommendation, in a region that it does not share."""
    path = (pristine_data_directory / "warehouse" / "current.duckdb").resolve()
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            "select customer_id, regions[1], alert_code, rule_id from gold.serving_customer"
            " inner join gold.risk_alerts using (customer_id)"
            " inner join gold.recommendations using (customer_id)"
            " where is_top_level and len(regions) = 1 order by all limit 1"
        ).fetchone()
    assert found
    return Survivor(*found)


@pytest.fixture(scope="module")
def data(
    pristine_data_directory: Path, tmp_path_factory: pytest.TempPathFactory, survivor: Survivor
) -> Path:
    """A build in which an account was merged into the survivor."""
    folder = copy_published(pristine_data_directory, tmp_path_factory.mktemp("merged") / "data")
    path = (folder / "warehouse" / "current.duckdb").resolve()
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "insert into gold.customer_alias by name select ? as former_customer_id,"
            " ? as customer_id, ? as ended_on, 'account merged' as reason",
            [FORMER, survivor.customer_id, MERGED_ON],
        )
    return folder


@pytest.fixture(scope="module")
def running(data: Path) -> Iterator[Server]:
    with serving(data) as server:
        yield server


@pytest.fixture(scope="module")
def client(running: Server, data: Path) -> Iterator[httpx.Client]:
    with running.client(token_for(data, "viewer")) as of_viewer:
        yield of_viewer


@pytest.mark.parametrize("former", [FORMER, FORMER_SHORT])
@pytest.mark.parametrize("end", ["", "/scores", "/alerts", "/recommendations", "/timeline"])
def test_an_old_id_leads_to_the_same_address_of_the_new_one(
    client: httpx.Client, survivor: Survivor, former: str, end: str
) -> None:
    answer = client.get(f"/api/customer/{former}{end}")
    assert answer.status_code == HTTPStatus.PERMANENT_REDIRECT
    assert answer.headers["Location"] == f"/api/customer/{survivor.customer_id}{end}"
    kept = client.get(f"/api/customer/{former}/evidence", params={"measure": "mrr_usd"})
    assert kept.headers["Location"].endswith(
        f"/customer/{survivor.customer_id}/evidence?measure=mrr_usd"
    )
    document = client.get(f"/api/customer/{survivor.customer_id}").json()
    assert document["former_ids"] == [
        {
            "former_customer_id": FORMER,
            "ended_on": str(MERGED_ON),
            "reason": "account merged",
        }
    ]


def test_an_old_id_tells_nothing_of_a_customer_that_may_not_be_seen(
    running: Server, client: httpx.Client, survivor: Survivor
) -> None:
    regions = {row["region"] for row in client.get("/api/customers?limit=200").json()["items"]}
    elsewhere = min(region for region in regions if region and region != survivor.region)
    store = running.store()
    token = add_token(store, "elsewhere", "viewer", regions=[elsewhere])
    store.close()
    with running.client(token) as limited:
        for identifier in (FORMER, survivor.customer_id):
            assert limited.get(f"/api/customer/{identifier}").status_code == HTTPStatus.NOT_FOUND


def test_what_was_decided_under_the_old_id_holds_under_the_new_one(
    running: Server, data: Path, survivor: Survivor
) -> None:
    alert_id = rule_key(survivor.customer_id, survivor.alert_code)
    recommendation_id = rule_key(survivor.customer_id, survivor.rule_id)
    token = token_for(data, "agent")
    with running.client(token) as deciding:
        acknowledged = deciding.post(f"/api/alerts/{alert_id}/acknowledge", json={"note": "called"})
        acknowledged.raise_for_status()
        executed = deciding.post(f"/api/actions/{recommendation_id}/execute", json={})
        executed.raise_for_status()
    # As it was before the merger: the same decisions under the id of that day.
    store = running.store()
    former_alert, former_recommendation = (
        rule_key(FORMER, code) for code in (survivor.alert_code, survivor.rule_id)
    )
    with store.write("decisions") as connection:
        for table, key, value in (
            ("alert_state", "alert_id", former_alert),
            ("action", "recommendation_id", former_recommendation),
        ):
            connection.exec_driver_sql(
                f"update {table} set customer_id = ?, {key} = ? where customer_id = ?",
                (FORMER, value, survivor.customer_id),
            )
    store.close()
    with serving(data) as again, again.client(token) as asking:
        document = asking.get(f"/api/customer/{survivor.customer_id}").json()
        alert = next(row for row in document["alerts"] if row["alert_id"] == alert_id)
        assert (alert["state"], alert["state_note"]) == ("acknowledged", "called")
        advice = next(
            row
            for row in document["recommendations"]
            if row["recommendation_id"] == recommendation_id
        )
        assert advice["state"] == "executed"
        listed = asking.get("/api/actions").json()["items"]
        assert [row["customer_id"] for row in listed] == [survivor.customer_id]
        repeated = asking.post(f"/api/actions/{recommendation_id}/execute", json={})
        assert repeated.status_code == HTTPStatus.OK
        assert repeated.json()["action_id"] == executed.json()["action_id"]


def test_the_newer_of_two_decisions_holds() -> None:
    aliases = Aliases.of([FormerId("old", "new", MERGED_ON, "account merged")], ["A001", "R001"])
    day = date(2026, 1, 1)

    def state(customer_id: str, after: int) -> dict[str, object]:
        return {
            "alert_id": rule_key(customer_id, "A001"),
            "customer_id": customer_id,
            "changed_at": day + timedelta(days=after),
        }

    for older, newer in (("old", "new"), ("new", "old")):
        states = {str(row["alert_id"]): row for row in (state(newer, 2), state(older, 1))}
        followed = follow(Decisions(alert_states=states), aliases)
        assert list(followed.alert_states) == [rule_key("new", "A001")]
        assert followed.alert_states[rule_key("new", "A001")]["changed_at"] == day + timedelta(2)
