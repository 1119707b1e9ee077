"""The served org behaves as Salesforce does, towards clients that know nothing of it."""

import csv
import gzip
import io
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
)
from simple_salesforce.login import SalesforceLogin

from extract.sandbox.sessions import Credentials
from tests.sandbox.conftest import ServedOrg

KNOWN = Credentials()
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def _assertion(org: ServedOrg, **changes: object) -> str:
    claims = {
        "iss": KNOWN.client_id,
        "sub": KNOWN.username,
        "aud": "https://test.salesforce.com",
        "exp": datetime.now(UTC) + timedelta(minutes=3),
    }
    key = (org.directory / "tls" / "jwt.key").read_text(encoding="utf-8")
    return jwt.encode(claims | changes, key, algorithm="RS256")


def test_oauth_flows(org: ServedOrg) -> None:
    app = {"client_id": KNOWN.client_id, "client_secret": KNOWN.client_secret}
    password = KNOWN.password + KNOWN.security_token
    flows: list[dict[str, str]] = [
        {"grant_type": "client_credentials"} | app,
        {"grant_type": "refresh_token", "refresh_token": KNOWN.refresh_token} | app,
        {"grant_type": "password", "username": KNOWN.username, "password": password} | app,
        {"grant_type": JWT_GRANT, "assertion": _assertion(org)},
    ]
    for form in flows:
        answer = org.token_request(**form)
        assert answer.status_code == 200, answer.text
        assert answer.json()["instance_url"] == org.url


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"grant_type": "client_credentials", "client_id": "no"}, "invalid_client_id"),
        (
            {"grant_type": "client_credentials", "client_id": KNOWN.client_id},
            "invalid_client",
        ),
        ({"grant_type": JWT_GRANT, "assertion": "nonsense"}, "invalid_grant"),
        (
            {
                "grant_type": "magic",
                "client_id": KNOWN.client_id,
                "client_secret": KNOWN.client_secret,
            },
            "unsupported_grant_type",
        ),
    ],
)
def test_oauth_refusals(org: ServedOrg, form: dict[str, str], code: str) -> None:
    answer = org.token_request(**form)
    assert answer.status_code == 400
    assert answer.json()["error"] == code


def test_expired_or_misdirected_assertions_are_refused(org: ServedOrg) -> None:
    past = datetime.now(UTC) - timedelta(minutes=5)
    for changes in ({"exp": past}, {"aud": "https://elsewhere.example"}, {"sub": "nobody"}):
        answer = org.token_request(grant_type=JWT_GRANT, assertion=_assertion(org, **changes))
        assert answer.json()["error"] == "invalid_grant", changes


class _Redirect(HTTPAdapter):
    def __init__(self, org: ServedOrg) -> None:
        super().__init__()
        self._org = org

    def send(self, request: Any, *arguments: Any, **options: Any) -> Any:
        request.url = request.url.replace("https://test.salesforce.com", self._org.url)
        return super().send(request, *arguments, **options)


def _soap_login(org: ServedOrg, version: str, password: str) -> tuple[str, str]:
    session = Salesforce(instance_url=org.url, session_id="unused").session
    session.verify = org.settings["SALESFORCE_CA_BUNDLE"]
    session.trust_env = False
    # The library knows only hosts of salesforce.com; the transport leads it here.
    session.mount("https://test.salesforce.com", _Redirect(org))
    result: tuple[str, str] = SalesforceLogin(
        username=KNOWN.username,
        password=password,
        security_token=KNOWN.security_token,
        sf_version=version,
        session=session,
        domain="test",
    )
    return result


def test_soap_login_ends_with_version_64(org: ServedOrg) -> None:
    session_id, host = _soap_login(org, "64.0", KNOWN.password)
    assert session_id
    assert "localhost" in host
    with pytest.raises(SalesforceAuthenticationFailed, match="INVALID_LOGIN"):
        _soap_login(org, "64.0", "wrong")
    with pytest.raises(SalesforceAuthenticationFailed, match="UNSUPPORTED_API_VERSION"):
        _soap_login(org, "65.0", KNOWN.password)


def test_simple_salesforce_reads_and_writes(org: ServedOrg) -> None:
    client = org.simple_salesforce()
    described = client.Account.describe()
    assert {field["name"] for field in described["fields"]} >= {"Id", "Segment__c"}
    assert any(field["calculated"] for field in described["fields"])
    count = client.query("SELECT COUNT() FROM Usage__c")["totalSize"]
    rows = list(client.query_all_iter("SELECT Id, Month__c FROM Usage__c"))
    assert len({row["Id"] for row in rows}) == len(rows) == count > 2000
    account = client.query("SELECT Id, Owner.Name FROM Account LIMIT 1")["records"][0]
    assert account["Owner"]["Name"]
    made = client.Task.create({"Subject": "Call [C360-abcdefabcdef]", "WhatId": account["Id"]})
    task = client.Task.get(made["id"])
    assert task["Subject"].endswith("[C360-abcdefabcdef]")
    found = client.query("SELECT Id FROM Task WHERE Subject LIKE '%[C360-abcdefabcdef]'")
    assert [row["Id"] for row in found["records"]] == [made["id"]]
    client.Task.update(made["id"], {"Status": "Completed"})
    client.Task.delete(made["id"])
    assert client.query("SELECT Id FROM Task WHERE Subject LIKE '%[C360-abc%'")["totalSize"] == 0
    everything = client.query("SELECT Id FROM Task WHERE IsDeleted = true", include_deleted=True)
    assert made["id"] in {row["Id"] for row in everything["records"]}
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
        client.query("SELECT Nothing__c FROM Account")


def test_errors_have_salesforces_shape(org: ServedOrg) -> None:
    cases: list[tuple[httpx.Response, int, str]] = [
        (org.get("query", q="SELECT"), 400, "MALFORMED_QUERY"),
        (org.get("query", q="SELECT Id FROM Nothing"), 400, "INVALID_TYPE"),
        (org.get("sobjects/Nothing/describe"), 404, "NOT_FOUND"),
        (org.get("query/01gnothing-2000"), 400, "INVALID_QUERY_LOCATOR"),
        (org.get("jobs/query/750nothing"), 404, "NOT_FOUND"),
    ]
    org.http.headers["Authorization"] = "Bearer nothing"
    cases.append((org.get("limits"), 401, "INVALID_SESSION_ID"))
    del org.http.headers["Authorization"]
    cases.append((org.get("limits"), 401, "INVALID_AUTH_HEADER"))
    for answer, status, code in cases:
        assert answer.status_code == status, answer.text
        assert answer.json()[0]["errorCode"] == code
        assert answer.json()[0]["message"]


def _job(org: ServedOrg, soql: str, operation: str = "query") -> dict[str, Any]:
    base = "/services/data/v64.0/jobs/query"
    answer = org.http.post(base, json={"operation": operation, "query": soql})
    assert answer.status_code == 200, answer.text
    identifier = answer.json()["id"]
    for _ in range(200):
        job: dict[str, Any] = org.http.get(f"{base}/{identifier}").json()
        if job["state"] not in {"UploadComplete", "InProgress"}:
            return job
        time.sleep(0.02)
    pytest.fail("the job did not end")


def _pages(org: ServedOrg, job: dict[str, Any], size: int) -> list[list[dict[str, str]]]:
    pages, locator = [], None
    while locator != "null":
        parameters: dict[str, str | int] = {"maxRecords": size}
        if locator:
            parameters["locator"] = locator
        answer = org.get(f"jobs/query/{job['id']}/results", **parameters)
        page = list(csv.DictReader(io.StringIO(answer.text)))
        assert len(page) == int(answer.headers["Sforce-NumberOfRecords"])
        pages.append(page)
        locator = answer.headers["Sforce-Locator"]
    return pages


def test_bulk_pages_hold_every_row_once(org: ServedOrg) -> None:
    job = _job(org, "SELECT Id, Description, CreatedDate, IsDeleted FROM Account", "queryAll")
    pages = _pages(org, job, 40)
    rows = [row for page in pages for row in page]
    assert len(pages) == 4
    assert len({row["Id"] for row in rows}) == job["numberRecordsProcessed"] == 150
    assert {row["IsDeleted"] for row in rows} <= {"true", "false"}
    assert all(row["CreatedDate"].endswith("Z") for row in rows)
    stored = org.sql('select count(*) from "Account" where contains("Description", chr(10))')
    assert sum("\n" in row["Description"] for row in rows) == stored[0][0]
    first = pages[0]
    assert _pages(org, job, 40)[0] == first, "a locator can be read again"


def test_bulk_result_pages_and_compression(org: ServedOrg) -> None:
    job = _job(org, "SELECT Id FROM Contact")
    listed = org.get(f"jobs/query/{job['id']}/resultPages", maxRecords=50).json()
    rows = []
    for page in listed["resultPages"]:
        with org.http.stream(
            "GET", page["resultUrl"], headers={"Accept-Encoding": "gzip"}
        ) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            text = gzip.decompress(b"".join(answer.iter_raw())).decode()
        rows += list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == min(job["numberRecordsProcessed"], 250)


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT COUNT() FROM Account", "INVALIDJOB"),
        ("SELECT BillingAddress FROM Account", "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT Id FROM Account LIMIT 5 OFFSET 5", "INVALIDJOB"),
        ("SELECT Id FROM CurrencyType", "INVALIDENTITY"),
    ],
)
def test_bulk_refusals(org: ServedOrg, soql: str, code: str) -> None:
    body = {"operation": "query", "query": soql}
    answer = org.http.post("/services/data/v64.0/jobs/query", json=body)
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == code


def test_abort_and_delete(org: ServedOrg) -> None:
    job = _job(org, "SELECT Id FROM Account")
    url = f"/services/data/v64.0/jobs/query/{job['id']}"
    assert org.http.patch(url, json={"state": "Aborted"}).status_code == 400
    assert org.http.delete(url).status_code == 204
    assert org.http.get(url).status_code == 404


def test_switches(org: ServedOrg) -> None:
    org.switch(status_503=1, status_429=1)
    assert org.get("limits").status_code == 503
    throttled = org.get("limits")
    assert throttled.status_code == 429
    assert throttled.headers["Retry-After"] == "1"
    assert org.get("limits").status_code == 200

    org.switch(longest_uri=100)
    assert org.get("query", q="SELECT Id FROM Account " + " " * 100).status_code == 414
    org.switch()

    org.switch(daily_requests=1)
    assert org.get("limits").headers["Sforce-Limit-Info"].startswith("api-usage=")
    assert org.get("limits").json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    org.switch()

    org.switch(timeout_rows=10)
    job = _job(org, "SELECT Id FROM Account")
    assert job["state"] == "Failed"
    assert "QUERY_TIMEOUT" in job["errorMessage"]
    assert org.query("SELECT Id FROM Account LIMIT 5")["done"]
    org.switch()

    org.switch(late_visibility_seconds=10**9)
    assert org.query("SELECT Id FROM Account")["totalSize"] == 0
    org.switch()

    org.switch(missing_rows=3)
    job = _job(org, "SELECT Id FROM Account")
    answer = org.get(f"jobs/query/{job['id']}/results")
    missing = int(answer.headers["Sforce-NumberOfRecords"]) - answer.text.count("\n") + 1
    assert missing == 3

    unknown = org.http.post("/sandbox/switches", json={"nonsense": 1})
    assert unknown.status_code == 400
    assert "status_503" in unknown.text


def test_no_web_page_can_reach_the_control_endpoints(org: ServedOrg) -> None:
    answer = org.http.post("/sandbox/switches", json={}, headers={"Origin": "https://a.example"})
    assert answer.status_code == 403


def test_line_endings_and_separators_are_as_asked_for(org: ServedOrg) -> None:
    base = "/services/data/v64.0/jobs/query"
    wanted = {"operation": "query", "query": "SELECT Id, Name FROM Product2"}
    wanted |= {"lineEnding": "CRLF", "columnDelimiter": "PIPE"}
    identifier = org.http.post(base, json=wanted).json()["id"]
    while org.http.get(f"{base}/{identifier}").json()["state"] != "JobComplete":
        time.sleep(0.02)
    answer = org.http.get(f"{base}/{identifier}/results")
    assert answer.content.startswith(b'"Id"|"Name"\r\n"01t')
    assert answer.content.count(b"\r\n") == 11
    assert int(answer.headers["Sforce-NumberOfRecords"]) == 10


def test_a_dropped_connection_is_seen_by_the_client(org: ServedOrg) -> None:
    job = _job(org, "SELECT Id, Name, CreatedDate FROM Usage__c")
    org.switch(dropped_connections=1)
    with pytest.raises(httpx.TransportError):
        org.get(f"jobs/query/{job['id']}/results")
    assert org.get(f"jobs/query/{job['id']}/results").status_code == 200


def test_an_expired_session_is_refused_until_the_next_sign_in(org: ServedOrg) -> None:
    client = org.simple_salesforce()
    org.http.post("/sandbox/expire_sessions")
    with pytest.raises(SalesforceExpiredSession):
        client.query("SELECT Id FROM Account LIMIT 1")
    org.sign_in()
    assert org.get("limits").status_code == 200


def test_deleted_lists_hard_deletes(org: ServedOrg) -> None:
    now = datetime.now(UTC)
    org.sql(
        "insert into \"_deleted\" values ('Account', '001000000000001AAA', now())",
    )
    span = {
        "start": (now - timedelta(hours=1)).isoformat(),
        "end": (now + timedelta(hours=1)).isoformat(),
    }
    found = org.get("sobjects/Account/deleted", **span).json()["deletedRecords"]
    assert [record["id"] for record in found] == ["001000000000001AAA"]


def test_merged_accounts_show_in_query_all_alone(org: ServedOrg) -> None:
    soql = (
        "SELECT Id, IsDeleted, MasterRecordId, MasterRecord.Name FROM Account "
        "WHERE MasterRecordId != null ORDER BY Id"
    )
    assert org.query(soql)["records"] == []
    losers = org.get("queryAll", q=soql).json()["records"]
    assert losers
    for loser in losers:
        assert loser["IsDeleted"] is True
        assert loser["MasterRecordId"] != loser["Id"]
        assert loser["MasterRecord"]["Name"]
    one = f"SELECT Id FROM Account WHERE MasterRecordId = '{losers[0]['MasterRecordId']}'"
    assert org.get("queryAll", q=f"{one} AND IsDeleted = true").json()["totalSize"] >= 1


@pytest.mark.parametrize(
    ("name", "field", "kind", "target"),
    [
        ("Account", "MasterRecordId", "reference", "Account"),
        ("Contract", "Notice_Given_Date__c", "date", None),
        ("Invoice__c", "Balance__c", "currency", None),
        ("Invoice__c", "Type__c", "picklist", None),
        ("Invoice__c", "Written_Off_Date__c", "date", None),
        ("Invoice__c", "Credited_Invoice__c", "reference", "Invoice__c"),
    ],
)
def test_optional_fields_are_described_and_filtered(
    org: ServedOrg, name: str, field: str, kind: str, target: str | None
) -> None:
    described = {
        each["name"]: each for each in org.get(f"sobjects/{name}/describe").json()["fields"]
    }[field]
    assert described["type"] == kind
    assert described["referenceTo"] == ([target] if target else [])
    counts = [
        org.get("queryAll", q=f"SELECT COUNT() FROM {name} WHERE {condition}").json()["totalSize"]
        for condition in (f"{field} = null", f"{field} != null", "Id != null")
    ]
    assert 0 < counts[1] <= counts[2] == counts[0] + counts[1]


def test_a_credit_note_leads_to_its_invoice(org: ServedOrg) -> None:
    soql = (
        "SELECT Amount__c, Credited_Invoice__r.Amount__c FROM Invoice__c "
        "WHERE Type__c = 'credit note' AND Credited_Invoice__c != null"
    )
    for note in org.query(soql)["records"]:
        assert 0 < -note["Amount__c"] <= note["Credited_Invoice__r"]["Amount__c"]


def test_help_teaches(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "extract.sandbox", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
        env={"CUSTOMER360_DATA": str(tmp_path), "PATH": ""},
    ).stdout
    for word in ("--accounts", "--misbehave", "dropped_connections", "connection.json"):
        assert word in shown
