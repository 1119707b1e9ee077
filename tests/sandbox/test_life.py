"""How the org's customers come, go and are merged, and what becomes of their invoices."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from extract.sandbox.advance import advance
from extract.sandbox.catalogue import OBJECTS
from extract.sandbox.generator import generate
from tests.sandbox.test_generator import rows_of

TODAY = date(2026, 6, 15)
LATER = date(2026, 8, 24)


class Generated:
    """An org and its truth, in one connection."""

    def __init__(self, directory: Path) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(f"attach '{directory}/org.duckdb' as org (read_only)")
        self.connection.execute("set TimeZone = 'UTC'")
        for truth in sorted((directory / "truth").iterdir()):
            self.connection.execute(f"create view memory.main.truth_{truth.stem} as from '{truth}'")
        self.connection.execute("set search_path = 'org,memory'")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of a query; `truth_account` and so on are the files of truth."""
        return self.connection.execute(sql).fetchall()

    def number(self, sql: str) -> float:
        """The only value of a query."""
        return float(self.connection.execute(sql).fetchall()[0][0])


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    directory = tmp_path_factory.mktemp("life")
    generate(directory, accounts=2000, seed=3, today=TODAY)
    generated = Generated(directory)
    yield generated
    generated.connection.close()


@pytest.mark.parametrize(
    ("stage", "least", "most"),
    [
        ("prospect", 0.06, 0.10),
        ("former", 0.04, 0.12),
        ("leaving", 0.01, 0.04),
        ("onboarding", 0.02, 0.06),
        ("merged", 0.01, 0.03),
        ("deleted", 0.001, 0.03),
        ("active", 0.65, 0.85),
    ],
)
def test_share_of_accounts_by_stage(org: Generated, stage: str, least: float, most: float) -> None:
    share = org.number(f"select avg((lifecycle_stage = '{stage}')::integer) from truth_customer")
    assert least <= share <= most


@pytest.mark.parametrize(
    ("condition", "least", "most"),
    [
        ("\"Status__c\" = 'Void'", 0.01, 0.02),
        ("\"Status__c\" = 'Draft'", 0.007, 0.013),
        ("\"Status__c\" = 'Disputed'", 0.006, 0.013),
        ("\"Status__c\" = 'Partially Paid'", 0.006, 0.013),
        ("\"Status__c\" = 'Written Off'", 0.0002, 0.008),
        ("\"Type__c\" = 'Credit Note'", 0.015, 0.025),
        ('"Type__c" is null', 0.005, 0.02),
        ('"Status__c" = \'Partially Paid\' and "Balance__c" < 0.1', 0.001, 0.006),
    ],
)
def test_share_of_invoices(org: Generated, condition: str, least: float, most: float) -> None:
    share = org.number(f'select avg(coalesce({condition}, false)::integer) from "Invoice__c"')
    assert least <= share <= most


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        (
            "a prospect that bought something",
            """
            from truth_customer as t where lifecycle_stage = 'prospect' and (
                exists (from "Asset" where "AccountId" = account_id)
                or exists (from "Contract" where "AccountId" = account_id)
                or exists (from "Invoice__c" where "Account__c" = account_id)
                or exists (from "Opportunity" where "AccountId" = account_id and "IsWon")
            )
            """,
        ),
        (
            "a former customer with a service or a contract",
            f"""
            from truth_customer as t where lifecycle_stage = 'former' and (
                exists (from "Asset" where "AccountId" = account_id
                    and coalesce("UsageEndDate" > date '{TODAY}', true))
                or exists (from "Contract" where "AccountId" = account_id
                    and coalesce("EndDate" >= date '{TODAY}', true))
            )
            """,
        ),
        (
            "a leaving customer whose end is not known",
            f"""
            from truth_customer as t where lifecycle_stage = 'leaving' and exists (
                from "Asset" where "AccountId" = account_id and "UsageEndDate" is null
            ) and not exists (
                from "Contract" where "AccountId" = account_id
                    and "Notice_Given_Date__c" <= date '{TODAY}'
                    and "EndDate" >= date '{TODAY}'
            )
            """,
        ),
        ("a leaving customer without a day", "from truth_customer where leaves_on < '2026-06-15'"),
        (
            "a void invoice or a draft that was paid",
            """
            from "Invoice__c" where "Status__c" in ('Void', 'Draft')
                and "Paid_Date__c" is not null
            """,
        ),
        (
            "a status that does not fit the balance",
            """
            from "Invoice__c" where "Type__c" is distinct from 'Credit Note' and case
                when "Status__c" in ('Void', 'Written Off', 'Paid', 'paid') then "Balance__c" <> 0
                when "Status__c" = 'Partially Paid'
                    then "Balance__c" <= 0 or "Balance__c" >= "Amount__c"
                else "Balance__c" <= 0 or "Balance__c" > "Amount__c" end
            """,
        ),
        (
            "a day of write-off on another invoice",
            """
            from "Invoice__c" where ("Written_Off_Date__c" is not null)
                <> ("Status__c" = 'Written Off')
            """,
        ),
        (
            "a credit note that is not one",
            """
            from "Invoice__c" where ("Type__c" = 'Credit Note') is distinct from true
                and ("Amount__c" < 0 or "Credited_Invoice__c" is not null)
            or "Type__c" = 'Credit Note' and "Amount__c" >= 0
            """,
        ),
        (
            "a credit note larger or older than its invoice",
            """
            from "Invoice__c" as c inner join "Invoice__c" as i on c."Credited_Invoice__c" = i."Id"
            where -c."Amount__c" > i."Amount__c" or c."Invoice_Date__c" <= i."Invoice_Date__c"
                or c."Account__c" <> i."Account__c"
            """,
        ),
        (
            "a loser that can be seen",
            'from "Account" where "MasterRecordId" is not null and not "IsDeleted"',
        ),
        (
            "a merger that the truth does not know",
            """
            from "Account" as a full join truth_merger as m on a."Id" = m.account_id
            where a."MasterRecordId" is distinct from m.master_record_id
            """,
        ),
        (
            "a contact that stayed with a loser",
            'from "Contact" inner join truth_merger on "AccountId" = account_id',
        ),
        (
            "a live record of an account that is gone",
            """
            from "Asset" as s inner join truth_customer as t on s."AccountId" = t.account_id
            where t.lifecycle_stage = 'deleted' and not s."IsDeleted"
            """,
        ),
        (
            "a service that two accounts pay for in one month",
            'from "Usage__c" group by "Asset__c", "Month__c" having count(*) > 1',
        ),
        (
            "an upgrade that came too late or cost the same",
            """
            from truth_event
            inner join "Asset" as o on record_id = o."Id"
            inner join "Asset" as n on new_record_id = n."Id"
            where event in ('service upgraded', 'service downgraded', 'service replaced') and (
                n."InstallDate" - o."UsageEndDate" not between 0 and 31
                or o."AccountId" <> n."AccountId"
                or (event = 'service replaced') <> (o."Price" = n."Price")
            )
            """,
        ),
        (
            "a move to a stranger",
            """
            from truth_event
            inner join truth_account as o on from_value = o.account_id
            inner join truth_account as n on to_value = n.account_id
            where event = 'service moved' and o.company_id <> n.company_id
            """,
        ),
    ],
)
def test_what_never_is(org: Generated, what: str, sql: str) -> None:
    assert org.rows(f"select 1 {sql}") == [], what


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        (
            "a prospect with an open opportunity",
            """
            from truth_customer inner join "Opportunity" on "AccountId" = account_id
            where lifecycle_stage = 'prospect' and not "IsClosed"
            """,
        ),
        (
            "a prospect with a task",
            """
            from truth_customer inner join "Task" on "AccountId" = account_id
            where lifecycle_stage = 'prospect'
            """,
        ),
        (
            "a former customer with a debt",
            """
            from truth_customer inner join "Invoice__c" on "Account__c" = account_id
            where lifecycle_stage = 'former' and "Status__c" = 'Overdue'
            """,
        ),
        (
            "a notice that only the contract knows",
            f"""
            from "Contract" as c inner join "Asset" as s on c."AccountId" = s."AccountId"
            where c."Notice_Given_Date__c" <= date '{TODAY}' and c."EndDate" >= date '{TODAY}'
                and s."UsageEndDate" is null
            """,
        ),
        (
            "a chain of mergers",
            """
            from "Account" as a inner join "Account" as b on a."MasterRecordId" = b."Id"
            inner join "Account" as c on b."MasterRecordId" = c."Id" where not c."IsDeleted"
            """,
        ),
        (
            "a chain that ends in a deleted account",
            """
            from "Account" as a inner join "Account" as b on a."MasterRecordId" = b."Id"
            inner join "Account" as c on b."MasterRecordId" = c."Id"
            where c."IsDeleted" and c."MasterRecordId" is null
            """,
        ),
        *(
            (
                f"a record of {name} that still points at a loser",
                f"""
                from "{name}" as r inner join truth_merger on r."{field}" = account_id
                where not r."IsDeleted"
                """,
            )
            for name, field in (
                ("Case", "AccountId"),
                ("Opportunity", "AccountId"),
                ("Invoice__c", "Account__c"),
                ("Usage__c", "Account__c"),
            )
        ),
        (
            "an account that came back from the bin",
            """
            from truth_event inner join "Account" on record_id = "Id"
            where event = 'account undeleted' and not "IsDeleted"
                and "SystemModstamp"::date >= happened_on
            """,
        ),
        (
            "a service whose account was changed",
            """
            from truth_event inner join "Asset" on record_id = "Id"
            where event = 'service moved' and new_record_id is null and "AccountId" = to_value
                and "InstallDate" < happened_on
            """,
        ),
        (
            "a service that ended and began at another account the next day",
            """
            from truth_event
            inner join "Asset" as o on record_id = o."Id"
            inner join "Asset" as n on new_record_id = n."Id"
            where event = 'service moved' and n."AccountId" = to_value
                and n."InstallDate" = o."UsageEndDate" + 1
            """,
        ),
        ("another owner", "from truth_event where event = 'owner changed'"),
        ("another parent", "from truth_event where event = 'parent changed'"),
        ("an upgrade", "from truth_event where event = 'service upgraded'"),
        ("a replacement", "from truth_event where event = 'service replaced'"),
    ],
)
def test_what_there_is(org: Generated, what: str, sql: str) -> None:
    assert org.rows(f"select 1 {sql}"), f"no {what}"


def test_half_of_the_credit_notes_name_their_invoice(org: Generated) -> None:
    share = org.number(
        """
        select count("Credited_Invoice__c") / count(*) from "Invoice__c"
        where "Type__c" = 'Credit Note'
        """
    )
    assert 0.4 < share < 0.6


def test_a_small_org_has_mergers_chains_and_prospects_too(tmp_path: Path) -> None:
    generate(tmp_path, accounts=200, seed=1, today=TODAY)
    org = Generated(tmp_path)
    stages = {row[0] for row in org.rows("select lifecycle_stage from truth_customer")}
    assert stages == {
        *("prospect", "onboarding", "active", "leaving", "former", "merged", "deleted")
    }
    chains = "select 1 from truth_merger where survivor_id <> master_record_id and {}"
    assert org.rows(chains.format("is_survivor_deleted"))
    assert org.rows(chains.format("not is_survivor_deleted"))
    org.connection.close()


def test_nights_bring_mergers_signatures_and_moves(tmp_path: Path) -> None:
    """An org that lives on ends as the one that is made for that day, its truth included."""
    generate(tmp_path / "org", accounts=500, seed=9, today=TODAY)
    truth = f"{tmp_path}/org/truth"
    with duckdb.connect() as connection:
        connection.execute(f"create table before as from '{truth}/customer.parquet'")
        advance(tmp_path / "org", days=70, until=LATER)
        stages = set(
            connection.execute(
                f"""
                select before.lifecycle_stage, after.lifecycle_stage
                from before inner join '{truth}/customer.parquet' as after using (account_id)
                """
            ).fetchall()
        )
        news = connection.execute(
            f"select distinct event from '{truth}/event.parquet' where happened_on > ?", [TODAY]
        ).fetchall()
    assert ("prospect", "onboarding") in stages
    assert ("leaving", "former") in stages
    assert ("active", "leaving") in stages
    assert {"account merged", "owner changed", "service upgraded"} <= {row[0] for row in news}
    generate(tmp_path / "later", accounts=500, seed=9, today=LATER, origin=TODAY)
    for name in OBJECTS:
        lived = rows_of(tmp_path / "org" / "org.duckdb", name)
        assert lived == rows_of(tmp_path / "later" / "org.duckdb", name), name
