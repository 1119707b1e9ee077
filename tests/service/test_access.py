"""Who may see and do what, and attempts to get around it."""

import io
import re
import time
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pyarrow.parquet as pq
import pytest

from service.queries.caller_view import EMAIL, MASKED
from service.state.store import StateStore
from service.state.tokens import add_token, revoke_token
from tests.service.conftest import ROOT, Server, copy_published, serving

INJECTIONS = (
    "' or 1=1 --",
    "1); drop table gold.customer; --",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "\x00",
    "$regions",
    "{{7*7}}",
    "a" * 5000,
)


@pytest.fixture(scope="module")
def elsewhere(warehouse: duckdb.DuckDBPyConnection, region: str) -> list[str]:
    """Customers with an account outside the region, masters across regions among them."""
    rows = warehouse.execute(
        "select customer_id from gold.serving_customer where not list_has_all([?], regions)",
        [region],
    ).fetchall()
    return [key for (key,) in rows]


def all_ids(client: httpx.Client, path: str) -> set[str]:
    ids: set[str] = set()
    cursor = None
    while True:
        query = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        answer = client.get(path, params=query).raise_for_status().json()
        ids |= {row["customer_id"] for row in answer["items"]}
        cursor = answer["next"]
        if cursor is None:
            return ids


def test_a_limited_caller_sees_no_other_region_anywhere(
    african: httpx.Client, elsewhere: list[str], region: str
) -> None:
    hidden = set(elsewhere)
    for path in ("/api/customers", "/api/alerts", "/api/recommendations"):
        assert not all_ids(african, path) & hidden
    for customer_id in elsewhere[:10] + [key for key in elsewhere if key.startswith("M-")][:5]:
        for end in ("", "/scores", "/alerts", "/recommendations", "/timeline"):
            assert african.get(f"/api/customer/{customer_id}{end}").status_code == 404
        query = {"measure": "mrr_usd"}
        assert african.get(f"/api/customer/{customer_id}/evidence", params=query).status_code == 404
        assert african.get("/api/customers", params={"q": customer_id}).json()["total"] == 0
    today = african.get("/api/today").json()
    assert not {item["customer_id"] for item in today["items"]} & hidden
    assert not set(african.get("/api/portfolio").json()["columns"]["customer_id"]) & hidden
    summary = african.get("/api/dashboard/summary").json()
    assert [share["name"] for share in summary["by_region"]] == [region]
    assert not {row["customer_id"] for row in summary["top_risks"]} & hidden
    asked = {"score": "health_score", "components": [], "knots": []}
    what_if = african.post("/api/whatif", json=asked).json()
    counted = sum(share["customers"] for share in what_if["before"]["by_label"])
    assert counted == african.get("/api/portfolio").json()["total"]


def test_a_summary_tells_nothing_by_difference(
    african: httpx.Client, warehouse: duckdb.DuckDBPyConnection, region: str
) -> None:
    """Its sums are those of the accounts and masters that lie in the region altogether."""
    row = warehouse.execute(
        "with seen as (select * from gold.serving_customer where list_has_all([$r], regions)"
        " and (is_top_level or not list_has_all([$r], master_regions)))"
        " select count(case when is_scored then 1 end), sum(mrr_usd) from seen",
        {"r": region},
    ).fetchone()
    assert row
    kpis = {
        row["metric"]: row["value"] for row in african.get("/api/dashboard/summary").json()["kpis"]
    }
    assert kpis["customers"] == row[0]
    assert kpis["mrr_usd"] == pytest.approx(row[1])


def test_linked_accounts_elsewhere_are_not_named(
    african: httpx.Client, warehouse: duckdb.DuckDBPyConnection, region: str
) -> None:
    rows = warehouse.execute(
        "select customer_id from gold.serving_customer where list_has_all([$r], regions)"
        " and not list_has_all([$r], master_regions) limit 10",
        {"r": region},
    ).fetchall()
    assert rows, "the test needs a master across regions"
    for (customer_id,) in rows:
        document = african.get(f"/api/customer/{customer_id}").json()
        assert document["master"] is None
        assert {account["region"] for account in document["accounts"]} == {region}


def test_exports_are_limited_too(african: httpx.Client, elsewhere: list[str]) -> None:
    for table in (
        "customer",
        "customer_360_current",
        "risk_alerts",
        "account_link",
        "customer_account",
    ):
        text = african.get(f"/api/export/{table}").raise_for_status().text
        for customer_id in elsewhere:
            assert customer_id not in text, (table, customer_id)
    for table in ("portfolio_summary", "churn_backtest"):
        assert african.get(f"/api/export/{table}").status_code == 403
    assert african.get("/api/backtest").status_code == 403


def test_viewers_do_not_act(
    viewer: httpx.Client, african: httpx.Client, agent: httpx.Client
) -> None:
    recommendation = agent.get("/api/recommendations").json()["items"][0]["recommendation_id"]
    alert = agent.get("/api/alerts").json()["items"][0]["alert_id"]
    for client in (viewer, african):
        for path, body in (
            (f"/api/actions/{recommendation}/execute", {}),
            (f"/api/actions/{recommendation}/dismiss", {"reason": "x"}),
            (f"/api/alerts/{alert}/acknowledge", {}),
            (f"/api/alerts/{alert}/snooze", {"until": "2999-01-01", "reason": "x"}),
        ):
            assert client.post(path, json=body).status_code == 403


def test_an_agent_does_not_act_elsewhere(
    make_client: Any, region: str, elsewhere: list[str], agent: httpx.Client
) -> None:
    limited = make_client("agent", regions=[region])
    for row in agent.get("/api/recommendations", params={"limit": 200}).json()["items"]:
        if row["customer_id"] in elsewhere:
            path = f"/api/actions/{row['recommendation_id']}/execute"
            assert limited.post(path, json={}).status_code == 404
            return
    pytest.fail("the test needs a recommendation in another region")


def test_personal_data_is_masked_everywhere(
    masked: httpx.Client, viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = warehouse.execute(
        "select bridge.customer_id, contact.email, contact.full_name"
        " from silver.contact as contact"
        " inner join gold.customer_account as bridge on contact.account_id = bridge.account_id"
        " where contact.email is not null and contact.full_name is not null limit 1"
    ).fetchone()
    assert row
    customer_id, email, full_name = row
    assert email in viewer.get(f"/api/customer/{customer_id}").text
    text = masked.get(f"/api/customer/{customer_id}").text
    assert email not in text
    assert full_name not in text
    assert viewer.get("/api/customers", params={"q": email}).json()["total"] > 0
    assert masked.get("/api/customers", params={"q": email}).json()["total"] == 0
    for table in ("data_quality_issue", "account_link", "customer_timeline", "link_review"):
        body = masked.get(f"/api/export/{table}").raise_for_status().text
        assert not EMAIL.search(body), table
    assert all(
        issue["examples"] == [] for issue in masked.get("/api/status").json()["data_quality"]
    )


def test_free_text_tells_no_person_to_who_may_not_know(
    pristine_data_directory: Path, tmp_path: Path
) -> None:
    """People write names and numbers into subjects and notes; companies and dates stay."""
    data = copy_published(pristine_data_directory, tmp_path / "data")
    text = "Éva Nagy-Kiss, eva@example.com or +27 82 555 0101, KISS 2026-11-23, Evangelista"
    with duckdb.connect(str((data / "warehouse" / "current.duckdb").resolve())) as connection:
        row = connection.execute(
            "select link.account_id_1 from gold.account_link as link"
            " inner join gold.recommendations as recommended"
            " on link.account_id_1 = recommended.customer_id limit 1"
        ).fetchone()
        assert row
        (account_id,) = row
        connection.execute(
            "update silver.contact set full_name = 'Éva Nagy-Kiss', first_name = 'Éva',"
            " last_name = 'Kiss' where contact_id ="
            " (select min(contact_id) from silver.contact where account_id = ?)",
            [account_id],
        )
        for column in ("title", "description"):
            connection.execute(
                f"update gold.customer_timeline set {column} = ? where customer_id = ?",
                [text, account_id],
            )
        connection.execute(
            "update silver.interaction set subject = ?, is_completed = true where account_id = ?",
            [text, account_id],
        )
        connection.execute("update gold.account_link set evidence = ?", [text])
    store = StateStore(f"sqlite:///{data / 'state.db'}")
    store.migrate()
    tokens = [
        add_token(store, str(may_see), "agent", may_see_personal_data=may_see)
        for may_see in (True, False)
    ]
    store.close()
    with (
        serving(data) as running,
        running.client(tokens[0]) as seeing,
        running.client(tokens[1]) as masked,
    ):
        chosen = seeing.get(f"/api/customer/{account_id}/recommendations").json()["items"][0]
        path = f"/api/actions/{chosen['recommendation_id']}/execute"
        assert seeing.post(path, json={"note": text}).status_code == 201
        alert = seeing.get(f"/api/customer/{account_id}/alerts").json()["items"]
        for row in alert[:1]:
            path = f"/api/alerts/{row['alert_id']}/acknowledge"
            assert seeing.post(path, json={"note": text}).status_code == 200
        for path in (
            f"/api/customer/{account_id}/timeline",
            f"/api/customer/{account_id}/evidence?measure=days_since_last_contact",
            f"/api/customer/{account_id}/recommendations",
            f"/api/customer/{account_id}",
            f"/api/customer/{account_id}/alerts",
            "/api/actions",
            "/api/export/customer_timeline",
            "/api/export/account_link",
        ):
            told = seeing.get(path).raise_for_status().text
            assert "Éva Nagy-Kiss" in told or path.endswith("/alerts"), path
            told = masked.get(path).raise_for_status().text
            # Only with a customer whose contact she is does the name mean her.
            lines = [line for line in told.splitlines() if account_id in line]
            for piece in ("Éva", "Kiss", "KISS", "eva@", "+27 82"):
                assert not any(piece in line for line in lines), (path, piece)
            if not path.endswith("/alerts"):
                assert f"{MASKED}, {MASKED} or {MASKED}, {MASKED} 2026-11-23, Evangelista" in told
        for table in ("customer_timeline", "account_link"):
            answer = masked.get(f"/api/export/{table}", params={"format": "parquet"})
            rows = pq.read_table(io.BytesIO(answer.raise_for_status().content)).to_pylist()
            lines = [str(row) for row in rows if account_id in row.values()]
            assert any(MASKED in line for line in lines), table
            for piece in ("Éva", "Kiss", "KISS", "eva@", "+27 82"):
                assert not any(piece in line for line in lines), (table, piece)


def test_revoked_and_expired_callers_are_out(server: Server, make_client: Any) -> None:
    client = make_client("viewer")
    name = client.get("/api/session").json()["name"]
    token = client.headers["Authorization"].removeprefix("Bearer ")
    with httpx.Client(base_url=server.url) as browser:
        assert browser.post("/api/session", json={"token": token}).status_code == 201
        assert browser.get("/api/session").status_code == 200
        store = server.store()
        revoke_token(store, name)
        store.close()
        time.sleep(0.6)
        assert client.get("/api/session").status_code == 401
        assert browser.get("/api/session").status_code == 401


def test_sessions_need_their_csrf_token(server: Server, make_client: Any) -> None:
    client = make_client("agent")
    token = client.headers["Authorization"].removeprefix("Bearer ")
    alert = client.get("/api/alerts").json()["items"][-1]["alert_id"]
    path = f"/api/alerts/{alert}/acknowledge"
    with httpx.Client(base_url=server.url) as browser:
        signed_in = browser.post("/api/session", json={"token": token})
        cookies = signed_in.headers.get_list("set-cookie")
        session = next(text for text in cookies if text.startswith("customer360_session"))
        assert "HttpOnly" in session
        assert "SameSite=strict" in session
        assert browser.post(path, json={}).status_code == 403
        assert browser.post(path, json={}, headers={"X-CSRFToken": "0" * 32}).status_code == 403
        csrf = {"X-CSRFToken": browser.cookies["csrftoken"]}
        foreign = csrf | {"Origin": "https://evil.example"}
        assert browser.post(path, json={}, headers=foreign).status_code == 403
        assert browser.post(path, json={}, headers=csrf).status_code == 200
        forged = {"Cookie": "customer360_session=forged; csrftoken=forged", "X-CSRFToken": "forged"}
        assert httpx.post(server.url + path, json={}, headers=forged).status_code == 401
        assert browser.delete("/api/session", headers=csrf).status_code == 204
        assert browser.get("/api/session").status_code == 401
    plain = httpx.post(
        f"{server.url}/api/session",
        content=b'{"token": "x"}',
        headers={"Content-Type": "text/plain"},
    )
    assert plain.status_code == 415
    distant = httpx.post(
        f"{server.url}/api/session", json={"token": token}, headers={"Host": "c360.example"}
    )
    assert all("Secure" in text for text in distant.headers.get_list("set-cookie"))


@pytest.mark.parametrize("text", INJECTIONS)
def test_parameters_are_data(agent: httpx.Client, text: str) -> None:
    for path, names in (
        ("/api/customers", ("q", "region", "segment", "owner", "cursor", "sort", "health")),
        ("/api/alerts", ("code", "owner", "region", "cursor", "state")),
        ("/api/customer/001000000000000AAA/evidence", ("measure",)),
        ("/api/export/customer", ("format",)),
    ):
        for name in names:
            response = agent.get(path, params={name: text})
            assert response.status_code in (200, 400, 404), (path, name, response.text)
            assert "Error" not in response.text
    for path in ("/api/export/", "/api/customer/", "/assets/", "/"):
        response = agent.get(path + text.replace("\x00", "%00").replace("#", ""))
        assert response.status_code in (200, 400, 404, 503), path
        assert "root:" not in response.text


def test_the_rate_is_limited_per_token(pristine_data_directory: Any, tmp_path: Any) -> None:
    del pristine_data_directory
    with serving(tmp_path, CUSTOMER360_REQUESTS_PER_MINUTE="60") as small:
        output = small.process.stdout
        assert output
        output.readline()
        token = output.readline().split("#token=")[1].strip()
        with small.client(token) as client:
            statuses = [client.get("/api/session").status_code for _ in range(70)]
            assert statuses[:50] == [200] * 50
            assert 429 in statuses
            refused = client.get("/api/session")
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) >= 1
            assert client.get("/api/customers").status_code in (429, 503)
        with small.client("c360_guess") as guesser:
            assert 429 in [guesser.get("/api/session").status_code for _ in range(30)]


def test_nothing_published_is_503_with_the_command(tmp_path: Any) -> None:
    with serving(tmp_path) as empty:
        output = empty.process.stdout
        assert output
        output.readline()
        token = output.readline().split("#token=")[1].strip()
        with empty.client(token) as client:
            response = client.get("/api/customers")
            assert response.status_code == 503
            assert "make pipeline" in response.json()["detail"]
            assert client.get("/ready").status_code == 503
            assert client.get("/health").status_code == 200


def test_only_one_file_says_who_may_see_which_customer() -> None:
    service = ROOT / "service"
    rule = re.compile(r"list_has_all\s*\(|regions.*\bis (not )?null\b")
    told = [
        path.relative_to(service).as_posix()
        for path in (*service.rglob("*.sql"), *service.rglob("*.py"))
        if rule.search(path.read_text(encoding="utf-8"))
    ]
    assert told == ["visibility.sql"]
