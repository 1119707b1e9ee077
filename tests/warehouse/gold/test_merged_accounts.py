"""Merged accounts, from bronze to gold: who survives, what counts for whom, under which ids."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.dbt import run_dbt
from tests.warehouse.silver_bronze import Record, write_extraction

BEFORE, TODAY = date(2026, 2, 28), date(2026, 3, 31)
MERGED, MERGED_AGAIN = date(2026, 3, 3), date(2026, 3, 20)
# In the order in which they were made. The group is one company, the others are strangers.
ACCOUNTS = (
    "group_first",
    "group_second",
    "group_third",
    "chain_first",
    "chain_second",
    "chain_last",
    "lost",
    "lost_survivor",
    "restored",
    "moved",
    "circle_first",
    "circle_second",
)
MASTERS = {
    "group_first": "group_second",
    "chain_first": "chain_second",
    "chain_second": "chain_last",
    "lost": "lost_survivor",
    "circle_first": "circle_second",
    "circle_second": "circle_first",
}
DELETED = {*MASTERS, "lost_survivor"}
MODELS = ("gold_customer_alias", "gold_customer", "gold_customer_360_current")


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def account(name: str) -> str:
    return f"001000000000{ACCOUNTS.index(name) + 1:03d}AAA"


def stamped(day: date, changed: date, *, deleted: bool = False) -> Record:
    return {
        "CreatedDate": moment(day),
        "LastModifiedDate": moment(changed),
        "SystemModstamp": moment(changed),
        "IsDeleted": deleted,
    }


def accounts(*, merged: bool) -> list[Record]:
    records: list[Record] = []
    for number, name in enumerate(ACCOUNTS):
        is_deleted = name in DELETED if merged else name == "restored"
        made = date(2024, 1, 1 + number)
        changed = made if not merged else MERGED_AGAIN if name == "chain_second" else MERGED
        records.append(
            {
                "Id": account(name),
                "Name": "Zanzolo Freight Group"
                if name.startswith("group")
                else f"{name} {name[::-1]}",
                "Region__c": "EMEA",
                "OwnerId": "005000000000002AAA" if merged and name == "moved" else None,
                # A child may go on pointing at an account that is gone.
                "ParentId": account("chain_first" if merged else "lost")
                if name == "moved"
                else None,
                "MasterRecordId": account(MASTERS[name]) if merged and name in MASTERS else None,
                **stamped(made, changed, deleted=is_deleted),
            }
        )
    return records


def services() -> list[Record]:
    """One service each at 100 USD a month, still of the account that it was installed for."""
    return [
        {
            "Id": f"02i000000000{number + 1:03d}AAA",
            "AccountId": account(name)[:15],
            "Name": "Line",
            "InstallDate": date(2025, 1, 1),
            "Price": 100,
            "CurrencyIsoCode": "USD",
            **stamped(date(2025, 1, 1), date(2025, 1, 1)),
        }
        for number, name in enumerate(ACCOUNTS)
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The org as it was extracted before the mergers and after, built for both days."""
    folder = tmp_path_factory.mktemp("merged")
    write_extraction(
        folder, moment(BEFORE), {"Account": accounts(merged=False), "Asset": services()}
    )
    write_extraction(folder, moment(TODAY), {"Account": accounts(merged=True)})
    for day in (BEFORE, TODAY):
        completed = run_dbt(
            *("build", "--select", *(f"+{model}" for model in MODELS)),
            *("--exclude-resource-type", "test", "unit_test", "--vars", f"as_of: {day}"),
            file=folder / f"{day}.duckdb",
            folder=folder,
            CUSTOMER360_DATA=str(folder),
        )
        if completed.returncode:
            pytest.fail(f"{completed.stdout[-4000:]}\n{completed.stderr[-4000:]}")
    return folder


@pytest.fixture(scope="module")
def today(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(data / f"{TODAY}.duckdb"), read_only=True) as connection:
        yield connection


def revenue(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Monthly revenue by customer, masters as M- and the name of their earliest account."""
    found = connection.execute(
        "select customer_id, cast(mrr_usd as int) from gold.customer_360_current"
    ).fetchall()
    names = {account(name): name for name in ACCOUNTS}
    return {
        ("M-" if key.startswith("M-") else "") + names[key.removeprefix("M-")]: value
        for key, value in found
    }


def test_what_points_to_a_merged_account_counts_for_its_last_survivor(
    today: duckdb.DuckDBPyConnection,
) -> None:
    assert revenue(today) == {
        "group_second": 200,
        "group_third": 100,
        "M-group_second": 300,
        "chain_last": 300,
        "restored": 100,
        "moved": 100,
    }


def test_a_day_before_the_mergers_knows_nothing_of_them(data: Path) -> None:
    with duckdb.connect(str(data / f"{BEFORE}.duckdb"), read_only=True) as before:
        found = revenue(before)
        assert before.execute("select count(*) from gold.customer_alias").fetchone() == (0,)
    assert "restored" not in found
    assert found["M-group_first"] == 300
    assert found["chain_first"] == found["chain_last"] == found["lost"] == 100


def test_ended_ids_name_the_customer_in_their_place(today: duckdb.DuckDBPyConnection) -> None:
    found = today.execute(
        "select former_customer_id, customer_id, ended_on from gold.customer_alias order by 1"
    ).fetchall()
    # A chain that ends in a deleted account, or in a circle, has no survivor.
    assert found == sorted(
        [
            (account("group_first"), account("group_second"), MERGED),
            (account("chain_first"), account("chain_last"), MERGED),
            (account("chain_second"), account("chain_last"), MERGED_AGAIN),
            (f"M-{account('group_first')}", f"M-{account('group_second')}", MERGED),
            (f"M-{account('chain_first')}", account("chain_last"), MERGED),
            (f"M-{account('chain_second')}", account("chain_last"), MERGED_AGAIN),
        ]
    )


def test_an_account_that_changed_hands_is_there_once(today: duckdb.DuckDBPyConnection) -> None:
    found = today.execute(
        "select parent_account_id, owner_id from silver.account where account_id = ?",
        [account("moved")],
    ).fetchall()
    assert found == [(account("chain_last"), "005000000000002AAA")]
