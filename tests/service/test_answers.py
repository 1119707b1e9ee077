"""What the API answers is what the published file holds."""

import io
import itertools
from typing import Any

import duckdb
import httpx
import pyarrow.parquet as pq
import pytest

from tests.service.conftest import ROOT


def pages(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    rows: list[dict[str, Any]] = []
    while True:
        answer = client.get(path, params=query).raise_for_status().json()
        rows += answer["items"]
        assert answer["total"] >= len(rows)
        if answer["next"] is None:
            assert answer["total"] == len(rows)
            return rows
        query["cursor"] = answer["next"]


@pytest.mark.parametrize(
    "sort", ["name", "-mrr_usd", "mrr_usd", "health_score", "-churn_risk_score"]
)
def test_every_page_together_is_the_whole_list(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection, sort: str
) -> None:
    rows = pages(viewer, "/api/customers", sort=sort, limit=37, stage="all")
    ids = warehouse.execute(
        "select customer_id from gold.customer where is_top_level order by 1"
    ).fetchall()
    assert sorted(row["customer_id"] for row in rows) == [key for (key,) in ids]
    if sort == "-mrr_usd":
        values = [row["mrr_usd"] for row in rows if row["mrr_usd"] is not None]
        assert values == sorted(values, reverse=True)


def test_filters_hold(viewer: httpx.Client, region: str) -> None:
    rows = pages(
        viewer, "/api/customers", region=region, health="At-Risk", min_mrr=1, kind="account"
    )
    assert rows
    for row in rows:
        assert row["region"] == region
        assert row["health_category"] == "At-Risk"
        assert row["mrr_usd"] >= 1
        assert row["customer_kind"] == "account"


def test_a_document_agrees_with_gold(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    chosen = warehouse.execute(
        "select customer_id from gold.customer using sample reservoir(12 rows) repeatable (3)"
    ).fetchall()
    masters = warehouse.execute(
        "select customer_id from gold.customer where customer_kind = 'master' limit 3"
    ).fetchall()
    for (customer_id,) in chosen + masters:
        answer = viewer.get(f"/api/customer/{customer_id}").raise_for_status().json()
        row = warehouse.execute(
            "select * from gold.customer_360_current where customer_id = ?", [customer_id]
        ).fetchone()
        names = [column[0] for column in warehouse.description or ()]
        assert row
        current = dict(zip(names, row, strict=True))
        for metric in answer["metrics"]:
            expected = current[metric["metric"]]
            assert metric["value"] == (None if expected is None else pytest.approx(float(expected)))
        assert answer["health"]["value"] == current["health_score"]
        assert answer["churn"]["value"] == current["churn_risk_score"]
        if answer["health"]["value"] is not None:
            total = sum(part["contribution"] for part in answer["health"]["components"])
            assert total == pytest.approx(answer["health"]["value"], abs=0.0501)
        counted = warehouse.execute(
            "select count(*) from gold.risk_alerts where customer_id = ?", [customer_id]
        ).fetchone()
        assert (len(answer["alerts"]),) == counted
        accounts = warehouse.execute(
            "select count(*) from gold.customer_account where customer_id = ?", [customer_id]
        ).fetchone()
        assert accounts
        assert len(answer["accounts"]) >= accounts[0]


def test_contributions_add_up_and_changes_explain_the_difference(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = warehouse.execute(
        "select customer_id, health_score, health_score_change from gold.serving_customer"
        " where health_score_change <> 0 limit 10"
    ).fetchall()
    assert rows
    for customer_id, score, change in rows:
        answer = viewer.get(f"/api/customer/{customer_id}/scores").json()
        parts = [part for part in answer["contributions"] if part["score"] == "health_score"]
        assert sum(part["contribution"] or 0 for part in parts) == pytest.approx(score, abs=0.0501)
        assert sum(part["change"] for part in parts) == pytest.approx(change, abs=0.1001)
        assert answer["history"][-1]["health_score"] == score


def test_a_timeline_is_complete_and_newest_first(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = warehouse.execute(
        "select customer_id, count(*) from gold.customer_timeline group by 1 order by 2 desc, 1"
    ).fetchone()
    assert row
    events = pages(viewer, f"/api/customer/{row[0]}/timeline", limit=50)
    assert len(events) == row[1]
    assert len({event["event_id"] for event in events}) == row[1]
    times = [event["occurred_at"] for event in events]
    assert times == sorted(times, reverse=True)
    billing = pages(viewer, f"/api/customer/{row[0]}/timeline", type="BILLING", limit=200)
    assert {event["event_type"] for event in billing} == {"BILLING"}
    day = times[len(times) // 2][:10]
    one_day = pages(viewer, f"/api/customer/{row[0]}/timeline", **{"from": day, "to": day})
    assert one_day == [event for event in events if event["occurred_at"][:10] == day]


def test_evidence_counts_what_the_measure_counts(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = warehouse.execute(
        "select customer_id, active_services, sla_breaches_90d, escalated_open_cases,"
        " meetings_180d, max_days_overdue, overdue_amount_usd from gold.customer_360_current"
        " order by sla_breaches_90d desc, escalated_open_cases desc, customer_id limit 8"
    ).fetchall()
    for customer_id, services, breaches, escalated, meetings, overdue, amount in rows:

        def evidence(measure: str, customer_id: str = customer_id) -> dict[str, Any]:
            answer: dict[str, Any] = (
                viewer.get(f"/api/customer/{customer_id}/evidence", params={"measure": measure})
                .raise_for_status()
                .json()
            )
            return answer

        for measure, expected in (
            ("active_services", services),
            ("sla_breaches_90d", breaches),
            ("escalated_open_cases", escalated),
            ("meetings_180d", meetings),
        ):
            assert len(evidence(measure)["rows"]) == (expected or 0), (measure, customer_id)
        if overdue:
            answer = evidence("max_days_overdue")
            late = answer["columns"].index("days_late")
            money = answer["columns"].index("amount_usd")
            assert max(row[late] for row in answer["rows"]) == overdue
            assert sum(row[money] for row in answer["rows"]) == pytest.approx(float(amount))


MEASURES = (ROOT / "warehouse" / "seeds" / "score_measure.csv").read_text().splitlines()[1:]


@pytest.mark.parametrize("measure", sorted({line.split(",")[2] for line in MEASURES}))
def test_every_measure_of_a_score_has_its_source_rows_on_every_day(
    measure: str, viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """As many as gold.measure_evidence has, which gold's own tests hold against the measure."""
    days = warehouse.execute(
        "select as_of from gold.scored_date order by as_of desc limit 4"
    ).fetchall()
    for (day,) in (days[0], days[3]):
        of_customers = warehouse.execute(
            "select customer_id, count(*) from gold.measure_evidence"
            " where measure = ? and as_of = ? group by customer_id"
            " order by count(*) desc, customer_id limit 3",
            [measure, day],
        ).fetchall()
        assert of_customers, day
        for customer_id, count in of_customers:
            answer = viewer.get(
                f"/api/customer/{customer_id}/evidence",
                params={"measure": measure, "as_of": str(day)},
            ).json()
            assert answer["as_of"] == str(day)
            assert len(answer["rows"]) == min(count, 500), (day, customer_id)
    other = viewer.get(
        f"/api/customer/{of_customers[0][0]}/evidence",
        params={"measure": measure, "as_of": "1999-12-31"},
    )
    assert (other.status_code, other.json()["field"]) == (400, "as_of")


def test_the_summary_is_the_sum_of_top_level_customers(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    answer = viewer.get("/api/dashboard/summary").raise_for_status().json()
    kpis = {row["metric"]: row["value"] for row in answer["kpis"]}
    row = warehouse.execute(
        "select customers, mrr_usd, arr_at_risk_usd, net_revenue_retention,"
        " gross_revenue_retention from gold.portfolio_summary"
        " where region = 'all' and segment = 'all'"
        " and as_of = (select max(as_of) from gold.portfolio_summary)"
    ).fetchone()
    assert row
    assert kpis["customers"] == row[0]
    assert kpis["mrr_usd"] == pytest.approx(float(row[1]))
    assert kpis["revenue_at_risk_usd"] == pytest.approx(float(row[2]))
    assert kpis["nrr"] == pytest.approx(row[3])
    assert kpis["grr"] == pytest.approx(row[4])
    for name in ("by_health", "by_churn", "by_region", "by_segment"):
        assert sum(share["customers"] for share in answer[name]) == row[0]
    for month in answer["movement"]:
        moved = month["new_usd"] + month["expansion_usd"]
        moved -= month["contraction_usd"] + month["churned_usd"]
        assert month["opening_usd"] + moved == pytest.approx(month["closing_usd"], abs=0.01)
    assert answer["concentration"][-1]["revenue_share"] == pytest.approx(1)


def test_the_portfolio_has_every_customer_once(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    answer = viewer.get("/api/portfolio", params={"stage": "all"}).raise_for_status().json()
    columns = answer["columns"]
    counted = warehouse.execute("select count(*) from gold.customer where is_top_level").fetchone()
    assert (answer["total"],) == counted
    assert {len(values) for values in columns.values()} == {answer["total"]}
    sizes = [value for value in columns["arr_usd"] if value is not None]
    assert sizes == sorted(sizes, reverse=True)


def test_what_if_without_a_change_moves_nobody_and_with_one_says_who(viewer: httpx.Client) -> None:
    for score in ("health_score", "churn_risk_score"):
        same = viewer.post("/api/whatif", json={"score": score, "components": [], "knots": []})
        assert same.json()["before"] == same.json()["after"]
        assert same.json()["customers_changing_label"] == 0
    weights = {"payment_history": 0, "support_quality": 0, "usage_trends": 1, "engagement": 0}
    asked = {
        "score": "health_score",
        "components": [
            {"score": "health_score", "component": name, "weight": weight}
            for name, weight in weights.items()
        ],
        "knots": [],
    }
    answer = viewer.post("/api/whatif", json=asked).raise_for_status().json()
    mover = answer["movers_down"][0]
    document = viewer.get(f"/api/customer/{mover['customer_id']}").json()
    points = {part["component"]: part["points"] for part in document["health"]["components"]}
    assert mover["before"] == document["health"]["value"]
    assert mover["after"] == pytest.approx(points["usage_trends"], abs=0.0501)
    asked["components"] = asked["components"][:1]
    refused = viewer.post(
        "/api/whatif",
        json=asked
        | {"components": [{"score": "health_score", "component": "engagement", "weight": 0.9}]},
    )
    assert refused.status_code == 400
    assert "sum to 1" in refused.json()["detail"]


def test_exports_hold_the_table(viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in ("customer", "risk_alerts", "link_review"):
        counted = warehouse.execute(f"select count(*) from gold.{table}").fetchone()
        text = viewer.get(f"/api/export/{table}").raise_for_status().text
        assert (len(text.splitlines()) - 1,) == counted
        body = viewer.get(f"/api/export/{table}", params={"format": "parquet"}).content
        assert (pq.read_table(io.BytesIO(body)).num_rows,) == counted


def test_answers_are_cached_by_build_and_answered_with_304(viewer: httpx.Client) -> None:
    first = viewer.get("/api/dashboard/summary")
    again = viewer.get("/api/dashboard/summary", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert not again.content
    other = viewer.get("/api/dashboard/summary", headers={"If-None-Match": '"other"'})
    assert other.content == first.content
    plain = viewer.get("/api/portfolio", headers={"Accept-Encoding": "identity"})
    packed = viewer.get("/api/portfolio", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content


def test_status_and_rules_tell_of_this_build(viewer: httpx.Client) -> None:
    status = viewer.get("/api/status").raise_for_status().json()
    assert status["build_id"] == viewer.get("/api/build").json()["build_id"]
    assert status["tests"]["passed"] > 50
    assert status["tests"]["failed"] == 0
    assert {"Account", "Opportunity"} <= {row["object"] for row in status["objects"]}
    rules = viewer.get("/api/rules").raise_for_status().json()
    health = [row["weight"] for row in rules["components"] if row["score"] == "health_score"]
    assert sum(health) == pytest.approx(1)
    assert {row["rule_id"] for row in rules["recommendation_rules"]} >= {"R001", "R006"}


def test_today_ranks_by_what_is_at_stake(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    today = viewer.get("/api/today").raise_for_status().json()
    money = [item["stake_usd"] for item in today["items"]]
    known = [value for value in money if value is not None]
    assert known == sorted(known, reverse=True)
    assert all(item["reasons"] and item["severity"] == "HIGH" for item in today["items"])
    small = viewer.get("/api/today", params={"small": True}).raise_for_status().json()
    # What others took on in the meantime is at stake no more.
    taken = [
        alert["customer_id"]
        for state in ("acknowledged", "snoozed")
        for alert in pages(viewer, "/api/alerts", state=state)
    ]
    for answer, is_small, figure in (
        (today, False, "customers_needing_attention"),
        (small, True, "small_customers"),
    ):
        expected = warehouse.execute(
            "select distinct customer_id, customer_stake_usd from gold.risk_alerts"
            " inner join gold.serving_customer using (customer_id)"
            " where is_top_level and is_small = ? and is_scored"
            " and lifecycle_stage <> 'leaving' and customer_id in"
            " (select customer_id from gold.risk_alerts where severity = 'HIGH')",
            [is_small],
        ).fetchall()
        assert len(expected) - len(taken) <= answer[figure] <= len(expected)
        stakes = dict(expected)
        for item in answer["items"]:
            stake = stakes[item["customer_id"]]
            if item["customer_id"] not in taken and stake is not None:
                assert item["stake_usd"] == pytest.approx(float(stake))


def test_alerts_come_by_customer_the_greatest_stake_first(viewer: httpx.Client) -> None:
    alerts = pages(viewer, "/api/alerts", limit=23)
    stakes = [alert["customer_stake_usd"] or 0 for alert in alerts]
    assert stakes == sorted(stakes, reverse=True)
    customers = [alert["customer_id"] for alert in alerts]
    turns = sum(one != other for one, other in itertools.pairwise(customers))
    assert turns + 1 == len(set(customers))
    large = pages(viewer, "/api/alerts", small=False)
    assert large == [alert for alert in alerts if not alert["is_small"]]


def test_metrics_and_readiness(viewer: httpx.Client) -> None:
    viewer.get("/api/customers")
    text = viewer.get("/metrics").text
    for name in (
        'customer360_request_seconds_bucket{le="0.001",method="GET",route="/api/customers"',
        "customer360_build_age_seconds",
        'customer360_outbox_actions{state="pending"}',
        'customer360_business{figure="mrr_usd"}',
    ):
        assert name in text
    assert viewer.get("/ready").json()["status"] == "ready"
