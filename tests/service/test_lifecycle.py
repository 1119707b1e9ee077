"""Who is no customer yet, or no longer, is found but not scored; who leaves comes first."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import httpx
import pytest

from tests.service.conftest import copy_published, serving, token_for

SCORED = ("leaving", "onboarding", "active")


def test_lists_hold_customers_and_searches_find_everyone(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    counts = dict(
        warehouse.execute(
            "select lifecycle_stage, count(*) from gold.serving_customer where is_top_level "
            "group by all"
        ).fetchall()
    )
    assert counts["former"]
    assert counts["prospect"]
    scored = sum(count for stage, count in counts.items() if stage in SCORED)
    for path in ("/api/customers", "/api/portfolio"):
        asked = {
            stage: viewer.get(path, params={"stage": stage} if stage else {}).json()["total"]
            for stage in (None, "scored", "all", "former", "prospect", "active")
        }
        assert asked == {
            None: scored,
            "scored": scored,
            "all": sum(counts.values()),
            "former": counts["former"],
            "prospect": counts["prospect"],
            "active": counts["active"],
        }
    name, customer_id = warehouse.execute(
        "select customer_name, customer_id from gold.serving_customer "
        "where lifecycle_stage = 'former' and is_top_level order by 2 limit 1"
    ).fetchall()[0]
    found = viewer.get("/api/customers", params={"q": name}).json()["items"]
    assert customer_id in {row["customer_id"] for row in found}
    among = viewer.get("/api/customers", params={"q": name, "stage": "scored"}).json()["items"]
    assert customer_id not in {row["customer_id"] for row in among}
    refused = viewer.get("/api/customers", params={"stage": "gone"})
    assert (refused.status_code, refused.json()["field"]) == (400, "stage")


def test_a_former_customer_has_no_scores_and_says_what_was_lost(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    customer_id, left_on, lost = warehouse.execute(
        "select customer_id, left_on, lost_mrr_usd from gold.serving_customer "
        "where lifecycle_stage = 'former' and lost_mrr_usd > 0 order by customer_id limit 1"
    ).fetchall()[0]
    document = viewer.get(f"/api/customer/{customer_id}").raise_for_status().json()
    assert document["lifecycle_stage"] == "former"
    assert document["left_on"] == left_on.isoformat()
    assert document["lost_mrr_usd"] == pytest.approx(lost)
    for name in ("health", "churn"):
        assert document[name]["value"] is None
        assert document[name]["label"] is None
        assert document[name]["coverage"] is None
        assert document[name]["components"] == []
    history = viewer.get(f"/api/customer/{customer_id}/scores").raise_for_status().json()["history"]
    stages = [row["lifecycle_stage"] for row in history]
    assert stages[-1] == "former"
    assert all(
        (row["health_category"] is None) == (row["lifecycle_stage"] not in SCORED)
        for row in history
    )
    codes = {alert["alert_code"] for alert in document["alerts"]}
    assert codes <= {"A003"}


def test_the_summary_counts_the_stages(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    answer = viewer.get("/api/dashboard/summary").raise_for_status().json()
    counts = warehouse.execute(
        "select lifecycle_stage, count(*) from gold.serving_customer where is_top_level "
        "group by all"
    ).fetchall()
    assert {share["name"]: share["customers"] for share in answer["by_stage"]} == dict(counts)


def test_rules_name_their_stages(viewer: httpx.Client) -> None:
    rules = viewer.get("/api/rules").raise_for_status().json()
    stages = {row["alert_code"]: set(row["stages"]) for row in rules["alert_rules"]}
    assert stages["A001"] == set(SCORED)
    assert stages["A003"] == {*SCORED, "former"}
    assert stages["A007"] == {"leaving"}
    of_recommendations = {row["rule_id"]: row["stages"] for row in rules["recommendation_rules"]}
    assert "former" in of_recommendations["R003"]


@pytest.fixture
def leaving(
    pristine_data_directory: Path, tmp_path: Path
) -> Iterator[tuple[httpx.Client, list[str], date]]:
    """A viewer of a build in which the three largest customers leave, the third on no known day."""
    data = copy_published(pristine_data_directory, tmp_path)
    with duckdb.connect(str((data / "warehouse" / "current.duckdb").resolve())) as connection:
        found = connection.execute(
            "select customer_id, as_of from gold.serving_customer where is_top_level "
            "and is_scored order by arr_usd desc, customer_id limit 3"
        ).fetchall()
        as_of = found[0][1]
        days = (as_of + timedelta(days=20), as_of + timedelta(days=5), None)
        for (customer_id, _), day in zip(found, days, strict=True):
            connection.execute(
                "update gold.serving_customer set lifecycle_stage = 'leaving', leaves_on = ? "
                "where customer_id = ?",
                [day, customer_id],
            )
    secret = token_for(data, "viewer")
    with serving(data) as running, running.client(secret) as client:
        yield client, [customer_id for customer_id, _ in found], as_of


def test_those_that_leave_come_first(leaving: tuple[httpx.Client, list[str], date]) -> None:
    client, customers, as_of = leaving
    today = client.get("/api/today").raise_for_status().json()
    # Others of the org may be leaving too.
    listed = [row for row in today["leaving"] if row["customer_id"] in customers]
    assert [row["customer_id"] for row in listed] == [customers[1], customers[0], customers[2]]
    assert listed[0]["leaves_on"] == (as_of + timedelta(days=5)).isoformat()
    assert today["leaving_customers"] == len(today["leaving"])
    days = [row["leaves_on"] for row in today["leaving"] if row["leaves_on"]]
    assert days == sorted(days)
    assert today["leaving_arr_usd"] == pytest.approx(
        sum(row["arr_usd"] for row in today["leaving"])
    )
    assert not set(customers) & {row["customer_id"] for row in today["items"]}
