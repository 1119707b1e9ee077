"""Records that are deleted, restored, merged or purged in the org."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.extract.conftest import BULK, REST, Extraction


def test_soft_deleted_and_restored_rows(extraction: Extraction, new_accounts: Any) -> None:
    (record_id,) = new_accounts(datetime.now(UTC) - timedelta(days=1))
    extraction.whole()
    for is_deleted in ("true", "false"):
        extraction.sandbox.sql(
            f'update "Account" set "IsDeleted" = {is_deleted}, "SystemModstamp" = now() '
            'where "Id" = ?',
            record_id,
        )
        record = extraction.whole().record("Account")
        assert (record["rows"], record["rows_deleted"]) == (
            (0, 1) if is_deleted == "true" else (1, 0)
        )
        extraction.assert_equals_org()


@pytest.mark.parametrize("way", [BULK, REST], ids=["bulk", "rest"])
def test_a_merged_account_lands_with_its_survivor(
    extraction: Extraction, new_accounts: Any, way: dict[str, Any]
) -> None:
    survivor, loser = new_accounts(*[datetime.now(UTC) - timedelta(days=1)] * 2)
    extraction.configure("Account", **way)
    extraction.whole()
    extraction.sandbox.sql(
        'update "Account" set "IsDeleted" = true, "MasterRecordId" = ?, "SystemModstamp" = now() '
        'where "Id" = ?',
        survivor,
        loser,
    )
    assert extraction.whole().record("Account")["rows_deleted"] == 1
    landed = f"select IsDeleted, MasterRecordId from bronze where Id = '{loser}' and IsDeleted"
    assert extraction.query(landed) == [(True, survivor)]
    # That the recycle bin is emptied takes nothing from what is known.
    purge(extraction, loser, is_listed=True)
    extraction.whole()
    extraction.whole("--full")
    assert extraction.query(landed) == [(True, survivor)]


def test_mergers_of_the_org_land_in_the_first_extraction(extraction: Extraction) -> None:
    extraction.whole()
    expected = extraction.sandbox.sql(
        'select "Id", "MasterRecordId" from "Account" where "MasterRecordId" is not null order by 1'
    )
    assert len(expected) > 2
    landed = extraction.query(
        "select Id, MasterRecordId from bronze where MasterRecordId is not null and IsDeleted "
        "order by Id"
    )
    assert landed == [tuple(row) for row in expected]


def purge(extraction: Extraction, record_id: str, *, is_listed: bool) -> None:
    """Remove a row for good, with or without a trace in the org's list of deletes."""
    extraction.sandbox.sql('delete from "Account" where "Id" = ?', record_id)
    extraction.sandbox.sql(
        'create table if not exists "_deleted" (object text, id text, deleted_at timestamptz)'
    )
    if is_listed:
        extraction.sandbox.sql(
            """insert into "_deleted" values ('Account', ?, now() - interval 10 seconds)""",
            record_id,
        )


def test_purged_rows_that_the_org_lists_become_tombstones(
    extraction: Extraction, new_accounts: Any
) -> None:
    gone, stays = new_accounts(*[datetime.now(UTC) - timedelta(days=1)] * 2)
    extraction.whole()
    purge(extraction, gone, is_listed=True)
    outcome = extraction.whole()
    assert outcome.record("Account")["rows_deleted"] == 1
    assert outcome.manifest["objects"]["Account"]["files"][-1]["mode"] == "deleted"
    extraction.assert_equals_org()
    assert extraction.query(f"select IsDeleted from bronze where Id = '{stays}'") == [(False,)]
    # The list still names it: no second tombstone.
    assert extraction.whole().record("Account")["rows_deleted"] == 0


@pytest.mark.parametrize("way", [BULK, REST], ids=["bulk", "rest"])
def test_purged_rows_that_nothing_lists_are_found_by_comparing_ids(
    extraction: Extraction, new_accounts: Any, way: dict[str, Any]
) -> None:
    (gone,) = new_accounts(datetime.now(UTC) - timedelta(days=1))
    extraction.configure("Account", **way)
    extraction.whole()
    purge(extraction, gone, is_listed=False)
    assert extraction.whole().record("Account")["rows_deleted"] == 0
    extraction.configure("Account", reconciliation_days=1e-9, full_refresh_days=0, **way)
    record = extraction.whole().record("Account")
    assert (record["mode"], record["rows_deleted"]) == ("incremental", 1)
    extraction.assert_equals_org()


def test_a_full_read_finds_purged_rows_too(extraction: Extraction, new_accounts: Any) -> None:
    (gone,) = new_accounts(datetime.now(UTC) - timedelta(days=1))
    extraction.whole()
    purge(extraction, gone, is_listed=False)
    outcome = extraction.whole("--full")
    assert outcome.manifest["objects"]["Account"]["files"][-1]["mode"] == "deleted"
    extraction.assert_equals_org()


def test_rows_that_bronze_lacks_are_found_by_comparing_ids(
    extraction: Extraction, new_accounts: Any
) -> None:
    extraction.whole()
    # Older than any watermark: it was hidden from this user, say, and now is shared.
    new_accounts(datetime(2020, 1, 1, tzinfo=UTC))
    assert extraction.whole().record("Account")["rows"] == 0
    extraction.configure("Account", reconciliation_days=1e-9, full_refresh_days=0)
    record = extraction.whole().record("Account")
    assert record["mode"] == "full"
    assert "1 rows of the org were missing" in record["message"]
    extraction.assert_equals_org()
