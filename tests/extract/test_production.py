"""What goes wrong in production, and the right behaviour: each against a misbehaving org."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from salesforce import http
from tests.extract.conftest import BULK, REST, Extraction


def test_rows_that_become_visible_late_are_read(extraction: Extraction, new_accounts: Any) -> None:
    extraction.configure("Account", **REST)
    new_accounts(datetime.now(UTC) - timedelta(seconds=20))
    extraction.sandbox.switch(late_visibility_seconds=60)
    outcome = extraction.whole()
    hidden = extraction.sandbox.sql('select count(*) from "Account" where not "IsDeleted"')[0][0]
    assert outcome.record("Account")["rows"] == hidden - 1
    extraction.sandbox.switch()
    assert extraction.whole().record("Account")["rows"] == 1
    assert extraction.whole().record("Account")["rows"] == 0
    extraction.assert_equals_org()


def test_the_watermark_stays_behind_the_clock(extraction: Extraction) -> None:
    extraction.configure("Account", visibility_lag_minutes=5)
    outcome = extraction.whole()
    watermark = datetime.fromisoformat(outcome.record("Account")["watermark"])
    lag = datetime.now(UTC) - watermark
    assert timedelta(minutes=5) <= lag < timedelta(minutes=6)


@pytest.mark.parametrize("way", [BULK, REST], ids=["bulk", "rest"])
def test_ties_on_the_cursor_are_neither_lost_nor_doubled(
    extraction: Extraction, new_accounts: Any, way: dict[str, Any]
) -> None:
    extraction.configure("Account", look_back_minutes=60, **way)
    moment = datetime.now(UTC) - timedelta(minutes=6)
    new_accounts(moment)
    extraction.whole()
    new_accounts(moment, moment)
    assert extraction.whole().record("Account")["rows"] == 2
    extraction.assert_equals_org()


@pytest.mark.parametrize(
    "switches", [{"missing_rows": 1}, {"lost_pages": 1}], ids=lambda s: next(iter(s))
)
def test_a_result_that_lacks_rows_fails_and_nothing_of_it_counts(
    extraction: Extraction, switches: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.bulk.ATTEMPTS", 2)
    extraction.configure("Account", **BULK)
    extraction.sandbox.switch(**switches)
    outcome = extraction()
    assert outcome.code == 1
    assert "announced" in outcome.record("Account")["message"]
    assert outcome.manifest["objects"]["Account"] | {"files": []} == {
        "status": "incomplete",
        "watermark": None,
        "schema": [],
        "files": [],
    }
    extraction.sandbox.switch()
    extraction.whole()
    extraction.assert_equals_org()


def test_a_page_that_says_more_but_not_where_fails(extraction: Extraction) -> None:
    extraction.configure("Contact", "Usage__c", **REST)
    extraction.sandbox.switch(done_without_next=1)
    outcome = extraction()
    assert outcome.code == 1
    assert "no next page" in outcome.record("Usage__c")["message"]
    assert outcome.manifest["objects"]["Usage__c"]["files"] == []
    extraction.sandbox.switch()
    extraction.whole()
    extraction.assert_equals_org("Usage__c")


@pytest.mark.parametrize("way", [BULK, REST], ids=["bulk", "rest"])
def test_a_query_that_times_out_is_split(extraction: Extraction, way: dict[str, Any]) -> None:
    extraction.configure("Contact", **way)
    total = extraction.sandbox.sql('select count(*) from "Contact"')[0][0]
    extraction.sandbox.switch(timeout_rows=total // 3)
    outcome = extraction.whole()
    assert len(outcome.manifest["objects"]["Contact"]["files"]) >= 3
    extraction.assert_equals_org("Contact")


def test_a_query_that_always_times_out_fails_with_advice(extraction: Extraction) -> None:
    extraction.configure("Product2", **REST)
    extraction.sandbox.sql("""update "Product2" set "SystemModstamp" = now()""")
    extraction.sandbox.switch(timeout_rows=1)
    outcome = extraction()
    assert outcome.code == 1
    assert "index on SystemModstamp" in outcome.record("Product2")["message"]


def test_the_first_read_takes_all_history(extraction: Extraction, new_accounts: Any) -> None:
    new_accounts(datetime(2001, 1, 1, tzinfo=UTC))
    extraction.whole()
    extraction.assert_equals_org()


def test_calculated_fields_are_refreshed_on_schedule(extraction: Extraction) -> None:
    extraction.configure("Account", full_refresh_days=7)
    extraction.whole()
    changed = extraction.sandbox.sql('select min("Id") from "Account" where not "IsDeleted"')[0][0]
    extraction.sandbox.sql(
        'update "Account" set "Open_Case_Count__c" = 4711 where "Id" = ?', changed
    )
    assert extraction.whole().record("Account")["mode"] == "incremental"
    extraction.configure("Account", full_refresh_days=1e-9)
    assert extraction.whole().record("Account")["mode"] == "full"
    newest = extraction.query(
        f"select arg_max(Open_Case_Count__c, _extracted_at) from bronze where Id = '{changed}'"
    )
    assert newest == [(4711,)]
    extraction.assert_equals_org()


def test_objects_without_calculated_fields_are_not_refreshed(extraction: Extraction) -> None:
    extraction.configure("Contact", full_refresh_days=1e-9)
    extraction.whole()
    assert extraction.whole().record("Contact")["mode"] == "incremental"


@pytest.mark.parametrize("way", [BULK, REST], ids=["bulk", "rest"])
def test_any_text_survives_the_journey(
    extraction: Extraction, new_accounts: Any, way: dict[str, Any]
) -> None:
    names = [
        *("NA", "N/A", "None", "null", "NaN", '"', '""', "a,b", "line\nbreak", "cr\r\nlf"),
        *("naïve 🎉 日本", "\\", "\\N", "=1+1", "x" * 131_072, " padded "),
    ]
    extraction.configure("Account", **way)
    moment = datetime.now(UTC) - timedelta(days=1)
    expected = {new_accounts(moment, name=name)[0]: name for name in names}
    extraction.whole()
    found = dict(extraction.query("select Id, Name from bronze where Id like '0015gTEST%'"))
    assert found == expected


@pytest.mark.parametrize("way", [BULK, REST], ids=["bulk", "rest"])
def test_nul_bytes_are_removed_and_counted(
    extraction: Extraction, new_accounts: Any, way: dict[str, Any]
) -> None:
    extraction.configure("Account", **way)
    (record_id,) = new_accounts(datetime.now(UTC) - timedelta(days=1), name="a\0b")
    outcome = extraction.whole()
    assert "1 NUL bytes removed" in outcome.record("Account")["message"]
    assert extraction.query(f"select Name from bronze where Id = '{record_id}'") == [("ab",)]


@pytest.mark.parametrize("way", [BULK, REST], ids=["bulk", "rest"])
def test_a_session_that_expires_on_the_way_is_renewed(
    extraction: Extraction, way: dict[str, Any]
) -> None:
    extraction.configure("Account", "Contact", "Usage__c", **way | {"bulk_page_rows": 1000})
    extraction.sandbox.switch(session_requests=4)
    outcome = extraction.whole()
    assert sum(record["retries"] for record in outcome.run["objects"]) >= 2
    for name in ("Account", "Contact", "Usage__c"):
        extraction.assert_equals_org(name)


def test_compressed_pages_are_read_too(
    extraction: Extraction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "LOOPBACK_HOSTS", ())
    extraction.configure("Contact", **BULK)
    extraction.whole()
    extraction.assert_equals_org("Contact")


def test_an_object_that_bulk_does_not_know_comes_through_rest(extraction: Extraction) -> None:
    extraction.configure("Account", **BULK)
    extraction.sandbox.switch(bulk_unsupported="Account")
    extraction.whole()
    extraction.assert_equals_org()


@pytest.mark.parametrize(
    ("settings", "left"), [({}, 20_012), ({"api_limit_reserve": 0}, 8)], ids=["reserve", "limit"]
)
def test_the_request_limit_stops_the_run_cleanly(
    extraction: Extraction, settings: dict[str, Any], left: int
) -> None:
    names = ("Account", "Contact", "Usage__c")
    extraction.configure(*names, parallel_objects=1, **BULK | settings)
    extraction.sandbox.switch(daily_requests=left)
    outcome = extraction()
    assert outcome.code == 3
    assert outcome.run["status"] == "incomplete"
    messages = [record["message"] for record in outcome.run["objects"] if record["message"]]
    assert messages
    assert all("daily API requests" in m or "limit is reached" in m for m in messages)
    if not settings:
        used = int(
            extraction.sandbox._post("switches", {"slow_seconds": "0"})["on"]["daily_requests"]
        )
        assert used >= 20_000
    extraction.sandbox.switch()
    extraction.whole()
    for name in names:
        extraction.assert_equals_org(name)


def test_a_job_that_the_org_forgot_is_started_again(extraction: Extraction) -> None:
    extraction.configure("Contact", **BULK)
    extraction.process(
        *("-m", "tests.extract.crash", "extract.checkpoint:CheckpointStore.save", "after", "3"),
        *("--config", str(extraction.configuration)),
    )
    extraction.sandbox.switch(forgotten_jobs=1)
    extraction.whole()
    extraction.assert_equals_org("Contact")


@pytest.mark.parametrize(
    "switches",
    [
        {"status_500": 3},
        {"status_503": 3},
        {"status_429": 2},
        {"dropped_connections": 2},
        {"slow_seconds": 0.2},
        {"expired_requests": 3},
    ],
    ids=lambda switches: next(iter(switches)),
)
def test_passing_faults_are_ridden_out(extraction: Extraction, switches: dict[str, float]) -> None:
    extraction.configure("Account", **BULK)
    extraction.sandbox.switch(**switches)
    outcome = extraction.whole()
    if "slow_seconds" not in switches:
        assert outcome.record("Account")["retries"] + outcome.record("Account")["api_calls"] > 5
    extraction.assert_equals_org()


@pytest.mark.parametrize(
    ("switches", "settings"),
    [
        ({"status_503": 1000}, {}),
        ({"slow_seconds": 1.5}, {"timeout_seconds": 1}),
    ],
    ids=["down", "silent"],
)
def test_an_org_that_does_not_answer_leaves_the_run_resumable(
    extraction: Extraction,
    switches: dict[str, float],
    settings: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "ATTEMPTS", 2)
    extraction.configure("Account", **settings)
    extraction.sandbox.switch(**switches)
    outcome = extraction()
    assert outcome.code == 3
    assert "did not answer" in outcome.errors


@pytest.mark.parametrize("answer", ["header", "empty", "204"])
@pytest.mark.parametrize("way", [BULK, REST], ids=["bulk", "rest"])
def test_no_rows_are_a_success(
    extraction: Extraction, answer: str, way: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A count of zero would choose REST.
    if way is BULK:
        monkeypatch.setattr("extract.reader._choose_transport", lambda *_: None)
    extraction.configure("Account", **way)
    extraction.whole()
    extraction.sandbox.switch(empty_result=answer)
    outcome = extraction.whole()
    assert (outcome.record("Account")["status"], outcome.record("Account")["rows"]) == (
        "complete",
        0,
    )
