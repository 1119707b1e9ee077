"""The generated org: the same every time, complete, and worth looking at."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from extract.sandbox.advance import advance
from extract.sandbox.catalogue import OBJECTS, fields_of
from extract.sandbox.generator import generate

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 6, 15)
DESIGN_FIELDS = {
    "Account": "Id MasterRecordId Name Type Industry ParentId BillingCountry BillingCity"
    " Region__c Segment__c Phone Website AccountNumber Registration_Number__c CurrencyIsoCode"
    " AnnualRevenue NumberOfEmployees OwnerId Customer_Since__c",
    "Contact": "Id AccountId FirstName LastName Email Phone MobilePhone Title Department Role__c"
    " HasOptedOutOfEmail",
    "Opportunity": "Id AccountId Name Type StageName Amount CurrencyIsoCode Probability CloseDate"
    " IsClosed IsWon ContractId LeadSource OwnerId",
    "OpportunityLineItem": "Id OpportunityId Product2Id ProductCode Name Quantity UnitPrice"
    " TotalPrice ServiceDate Term_Months__c Billing_Type__c",
    "Product2": "Id Name ProductCode Family IsActive",
    "Asset": "Id AccountId Product2Id Name Status InstallDate UsageEndDate Quantity Price"
    " CurrencyIsoCode",
    "Contract": "Id AccountId ContractNumber Status StartDate EndDate ContractTerm"
    " Notice_Given_Date__c",
    "Case": "Id AccountId ContactId CaseNumber Subject Status Priority Origin IsEscalated IsClosed"
    " ClosedDate SLA_Breached__c",
    "Task": "Id AccountId WhatId WhoId Subject Type Status ActivityDate CompletedDateTime",
    "Event": "Id AccountId WhatId WhoId Subject Type StartDateTime EndDateTime",
    "Invoice__c": "Id Name Account__c Invoice_Date__c Due_Date__c Paid_Date__c Amount__c"
    " CurrencyIsoCode Status__c Type__c Balance__c Credited_Invoice__c Written_Off_Date__c",
    "Usage__c": "Id Account__c Asset__c Month__c Quantity__c Unit__c",
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("generated")
    generate(directory, accounts=300, seed=3, today=TODAY)
    return directory


def _fingerprint(directory: Path) -> dict[str, str]:
    with duckdb.connect(str(directory / "org.duckdb"), read_only=True) as connection:
        return {
            name: str(
                connection.execute(
                    f'select count(*), bit_xor(hash(t)) from "{name}" as t'
                ).fetchall()
            )
            for name in OBJECTS
        }


def test_same_arguments_same_org_and_another_seed_another(generated: Path, tmp_path: Path) -> None:
    expected = _fingerprint(generated)
    generate(tmp_path / "again", accounts=300, seed=3, today=TODAY)
    generate(tmp_path / "other", accounts=300, seed=4, today=TODAY)
    assert _fingerprint(tmp_path / "again") == expected
    other = _fingerprint(tmp_path / "other")
    assert other["Account"] != expected["Account"]
    assert other["Usage__c"] != expected["Usage__c"]


@pytest.mark.parametrize("name", sorted(DESIGN_FIELDS))
def test_every_field_the_warehouse_reads_is_there(name: str) -> None:
    present = {field.name for field in fields_of(name)}
    system = {"CreatedDate", "LastModifiedDate", "SystemModstamp", "IsDeleted"}
    assert set(DESIGN_FIELDS[name].split()) | system <= present


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        ("deleted accounts", 'select 1 from "Account" where "IsDeleted"'),
        ("accounts of several regions", 'select 1 from "Account" where "Region__c" like \'A%\''),
        ("hierarchies", 'select 1 from "Account" where "ParentId" is not null'),
        ("names in another script", 'select 1 from "Account" where "Name" ~ \'.*[一-龠а-я].*\''),
        (
            "a number that strangers share",
            (
                'select 1 from "Account" where length("Phone") > 6 group by right("Phone", 7) '
                'having count(distinct "Website") > 1'
            ),
        ),
        (
            "people who look after several accounts",
            (
                'select 1 from "Contact" group by "Email" '
                'having count(distinct "AccountId") > 1 and count(*) < 6'
            ),
        ),
        ("broken e-mail", 'select 1 from "Contact" where "Email" = \'none\''),
        ("role addresses", 'select 1 from "Contact" where "Email" like \'info@%\''),
        ("missing currencies", 'select 1 from "Invoice__c" where "CurrencyIsoCode" is null'),
        ("unpaid invoices", 'select 1 from "Invoice__c" where "Paid_Date__c" is null'),
        ("evergreen contracts", 'select 1 from "Contract" where "EndDate" is null'),
        ("HTML", 'select 1 from "Case" where "Subject" like \'%<b>%\''),
        ("line breaks", "select 1 from \"Case\" where \"Description\" like '%' || chr(10) || '%'"),
        ("text that looks like null", 'select 1 from "Account" where "Description" = \'null\''),
        ("ended services", 'select 1 from "Asset" where "UsageEndDate" is not null'),
        ("reviews", 'select 1 from "Event" where "Type" = \'QBR\''),
    ],
)
def test_the_dirt_and_the_life_of_a_real_org(generated: Path, what: str, sql: str) -> None:
    with duckdb.connect(str(generated / "org.duckdb"), read_only=True) as connection:
        assert connection.execute(sql).fetchall(), f"no {what}"


def test_names_meet_as_registers_and_domains_let_them(tmp_path: Path) -> None:
    """Namesakes in two countries, sisters and franchises; a web domain has one owner."""
    generate(tmp_path, accounts=2000, seed=3, today=TODAY)
    with duckdb.connect(str(tmp_path / "org.duckdb"), read_only=True) as connection:
        connection.execute(
            f"""
            create temp table account as
            select
                truth.company_id,
                "Registration_Number__c" as registration_number,
                left("Registration_Number__c", 2) as country_code,
                lower(regexp_replace(trim("Name"), ' +', ' ', 'g')) as name,
                regexp_extract("Website", '^(?:https?://)?(?:www\\.)?([^.]+)', 1) as domain
            from "Account"
            inner join '{tmp_path}/truth/account.parquet' as truth on "Id" = truth.account_id
            """
        )

        def companies(key: str, condition: str = "true") -> list[tuple[int, int]]:
            """Companies that share a key with another, and the countries, for each shared key."""
            return connection.execute(
                f"select count(distinct company_id), count(distinct country_code) from account "
                f"where {condition} group by {key} having count(distinct company_id) > 1"
            ).fetchall()

        first_words = "string_split(name, ' ')[:2]"
        assert not companies("domain", "domain <> ''")
        assert not companies("registration_number", "registration_number is not null")
        assert [1 for _, countries in companies(first_words) if countries > 1]
        assert len(companies("(name, country_code)", "country_code is not null")) <= 2
        assert len(companies("string_split(name, ' ')[1]")) > 20
        # Every 400 companies begin with the four of one brand.
        assert companies(first_words, "company_id < 4")[0][0] > 2


def test_references_hold_and_nothing_lies_in_the_future(generated: Path) -> None:
    with duckdb.connect(str(generated / "org.duckdb"), read_only=True) as connection:
        for name in OBJECTS:
            newest = connection.execute(f'select max("SystemModstamp")::date from "{name}"')
            assert newest.fetchall()[0][0] <= TODAY, name
        orphans = connection.execute(
            'select count(*) from "Usage__c" as u anti join "Asset" as a on u."Asset__c" = a."Id"'
        )
        assert orphans.fetchall() == [(0,)]


def test_the_truth_is_kept_apart(generated: Path) -> None:
    truth = duckdb.read_parquet(str(generated / "truth" / "customer.parquet"))
    leaving = truth.filter("state = 'leaving'").count("*").fetchall()[0][0]
    assert truth.count("*").fetchall() == [(300,)]
    assert leaving >= 20


def rows_of(path: Path, name: str) -> set[tuple[object, ...]]:
    """All rows of an object but for who changed them when, and formulas."""
    columns = ", ".join(
        f'"{field.name}"'
        for field in fields_of(name)
        if field.sql_type
        and not field.describe["calculated"]
        and field.name not in {"CreatedDate", "LastModifiedDate", "SystemModstamp"}
    )
    with duckdb.connect(str(path), read_only=True) as connection:
        return set(connection.execute(f'select {columns} from "{name}"').fetchall())


def test_an_org_lives_on_and_keeps_what_others_made(tmp_path: Path) -> None:
    generate(tmp_path / "org", accounts=60, seed=5, today=TODAY)
    path = tmp_path / "org" / "org.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            'insert into "Task" ("Id", "Subject", "IsDeleted") '
            "values ('00T5gNEW0000000EAA', 'made by a user', false)"
        )
    before = datetime.now(UTC)
    later = date(2026, 7, 20)
    changes = advance(tmp_path / "org", days=35, until=later)
    added, changed = changes["Usage__c"][0], changes["Invoice__c"][1]
    assert added > 0
    assert changed > 0
    generate(tmp_path / "later", accounts=60, seed=5, today=later, origin=TODAY)
    for name in OBJECTS:
        expected = rows_of(tmp_path / "later" / "org.duckdb", name)
        difference = rows_of(path, name) ^ expected
        assert len(difference) == (1 if name == "Task" else 0), name
    with duckdb.connect(str(path), read_only=True) as connection:
        fresh = connection.execute(
            'select count(*) from "Usage__c" where "SystemModstamp" >= ?', [before]
        )
        assert fresh.fetchall() == [(added,)]
    with pytest.raises(ValueError, match="has reached 2026-07-20"):
        advance(tmp_path / "org", days=None, until=later)


def test_the_command_refuses_a_size_out_of_range(tmp_path: Path) -> None:
    completed = subprocess.run(
        [
            *(sys.executable, "-m", "extract.sandbox", "generate"),
            *("--accounts", "3", "--directory", str(tmp_path)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 1
    assert "20 to 2,000,000" in completed.stderr
    assert "Traceback" not in completed.stderr
    assert not (tmp_path / "org.duckdb").exists()
