"""Silver, built by dbt from bronze folders that no well-behaved org would leave."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import phonenumbers
import pytest

from tests.warehouse.dbt import run_dbt
from tests.warehouse.silver_bronze import Record, write_extraction

ROOT = Path(__file__).resolve().parents[2]
WAREHOUSE = ROOT / "warehouse"
ACCOUNTS = ("001000000000001AAA", "001000000000002AAA", "001000000000003AAA")
PHONE_COUNTRIES = ("ZA", "KE", "NG", "GB", "DE", "FR", "NL", "US", "CA", "AU", "SG", "JP", "IT")


def copy_project(folder: Path) -> None:
    """Copy base and silver out of the dbt project: they stand alone, and parse quickly."""
    if folder.exists():
        return
    folder.mkdir()
    shutil.copy(WAREHOUSE / "dbt_project.yml", folder)
    for part in ("macros", "seeds", "models/base", "models/silver", "models/quality"):
        # The shares of nulls, and the check of them, look at gold too.
        reads_gold = shutil.ignore_patterns("*_quality_column.*", "*_quality_check.*")
        shutil.copytree(WAREHOUSE / part, folder / part, ignore=reads_gold)
    shutil.copy(WAREHOUSE / "models" / "_groups.yml", folder / "models")


def run_silver(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run dbt on a data folder, with a project, a warehouse file and a target folder beside it."""
    project = data.parent / "project"
    copy_project(project)
    return run_dbt(
        *arguments,
        file=data / "warehouse.duckdb",
        folder=data.parent,
        project=project,
        CUSTOMER360_DATA=str(data),
    )


def build(data: Path, *models: str, as_of: date | None = None) -> str:
    """Build models and their parents, seeds included, without tests; return dbt's output."""
    selected = [f"+{model}" for model in models]
    arguments = ["--vars", f"as_of: {as_of}"] if as_of else []
    completed = run_silver(
        data,
        "build",
        "--select",
        *selected,
        "--exclude-resource-type",
        "test",
        "--exclude-resource-type",
        "unit_test",
        *arguments,
    )
    if completed.returncode:
        pytest.fail(f"{completed.stdout[-4000:]}\n{completed.stderr[-4000:]}")
    return completed.stdout


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query on the warehouse of a data folder."""
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def valid_numbers(country: str) -> Iterator[phonenumbers.PhoneNumber]:
    """Valid numbers of a country around the examples of each kind that the library knows."""
    kinds = phonenumbers.PhoneNumberType
    for kind in (kinds.FIXED_LINE, kinds.MOBILE, kinds.TOLL_FREE):
        example = phonenumbers.example_number_for_type(country, kind)
        if example is None:
            continue
        for offset in range(0, 4000, 137):
            digits = int(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164))
            number = phonenumbers.parse(f"+{digits + offset}")
            if phonenumbers.is_valid_number(number):
                yield number


def written_phones() -> dict[tuple[str, str], str | None]:
    """Numbers as people write them -> what they are: (text, country) -> E.164, None for junk."""
    formats = phonenumbers.PhoneNumberFormat
    phones: dict[tuple[str, str], str | None] = {}
    for country in PHONE_COUNTRIES:
        for number in valid_numbers(country):
            e164 = phonenumbers.format_number(number, formats.E164)
            national = phonenumbers.format_number(number, formats.NATIONAL)
            international = phonenumbers.format_number(number, formats.INTERNATIONAL)
            for text in (
                e164,
                national,
                international,
                national.replace(" ", "").replace("-", "."),
                f" {international} ext. 12",
                "00" + e164[1:],
            ):
                phones[text, country] = e164
    for text in ("n/a", "unknown", "12345", "000", "call reception", "+", "0800 FLOWERS", "1" * 20):
        phones[text, "ZA"] = None
    return phones


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A built folder of an org with retyped, missing and foreign fields; and dbt's output."""
    data = tmp_path_factory.mktemp("dirty") / "data"
    first = datetime(2026, 11, 20, 1, tzinfo=UTC)
    second = datetime(2026, 11, 21, 1, tzinfo=UTC)
    third = datetime(2026, 11, 22, 1, tzinfo=UTC)
    phones = list(written_phones())
    countries = sorted({country for _, country in phones})
    account_of = {country: f"0019{index:011d}AAA" for index, country in enumerate(countries)}
    accounts: list[Record] = [
        {
            "Id": account_of[country],
            "Name": country,
            "BillingCountry": country,
            "CurrencyIsoCode": "ZAR",
            "SystemModstamp": first,
            "IsDeleted": False,
        }
        for country in countries
    ]
    contacts: list[Record] = [
        {"Id": f"0039{index:011d}AAA", "AccountId": account_of[country], "Phone": text}
        for index, (text, country) in enumerate(phones)
    ]
    invoices: list[Record] = [
        {"Id": "a01000000000001AAA", "Invoice_Date__c": date(2026, 1, 15), "Amount__c": 10.5},
        {"Id": "a01000000000002AAA", "Invoice_Date__c": date(2026, 1, 16), "Amount__c": 1.0},
    ]
    retyped: list[Record] = [
        {
            "Id": "a01000000000001AAA",
            "Invoice_Date__c": "2026-01-17T00:00:00.000+0000",
            "Amount__c": "1,234.50",
            "CreatedDate": "2026-01-02T03:04:05.000+0000",
            "Account__c": account_of["ZA"],
        },
        {"Id": "a01000000000003AAA", "Invoice_Date__c": "next week", "Amount__c": "a lot"},
    ]
    versions: list[list[Record]] = [
        [
            {
                "Id": account,
                "Name": f"{account} on day {day}",
                "SystemModstamp": moment,
                "IsDeleted": day == 3 and account == ACCOUNTS[1],
            }
            for account in ACCOUNTS[: 2 if day < 3 else 3]
        ]
        for day, moment in ((1, first), (2, second), (3, third))
    ]
    write_extraction(
        data,
        first,
        {"Account": [*accounts, *versions[0]], "Contact": contacts, "Invoice__c": invoices},
    )
    write_extraction(data, second, {"Account": versions[1], "Invoice__c": retyped})
    write_extraction(data, third, {"Account": versions[2]})
    models = ("silver_contact", "int_invoice_issue", "silver_usage", "silver_opportunity")
    return data, build(data, *models)


def test_phones_agree_with_the_library(dirty: tuple[Path, str]) -> None:
    data, _ = dirty
    expected = written_phones()
    found: Mapping[tuple[str, str], str | None] = {
        (str(text), str(country)): None if e164 is None else str(e164)
        for text, country, e164 in rows(
            data,
            "select phone, country_code, phone_e164 from intermediate.phone_number",
        )
    }
    different = {
        written: (found[written], e164)
        for written, e164 in expected.items()
        if found[written] != e164
    }
    assert len(expected) > 5000
    assert not different, f"{len(different)} of {len(expected)}: {list(different.items())[:20]}"


def test_retyped_fields_are_converted(dirty: tuple[Path, str]) -> None:
    data, _ = dirty
    assert rows(
        data,
        "select invoice_id, invoice_date, amount, created_at, due_date from silver.invoice "
        "order by invoice_id",
    ) == [
        (
            "a01000000000001AAA",
            date(2026, 1, 17),
            pytest.approx(1234.5),
            datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001 - silver's timestamps are naive UTC
            None,
        ),
        ("a01000000000002AAA", date(2026, 1, 16), pytest.approx(1.0), None, None),
        ("a01000000000003AAA", None, None, None, None),
    ]


def test_what_cannot_be_converted_is_counted(dirty: tuple[Path, str]) -> None:
    data, _ = dirty
    assert rows(
        data,
        "select record_id, field, raw_value from intermediate.invoice_issue "
        "where issue_type = 'rejected' order by field",
    ) == [
        ("a01000000000003AAA", "amount", "a lot"),
        ("a01000000000003AAA", "invoice_date", "next week"),
    ]


def test_what_the_org_lacks_is_null_and_warned_of_once(dirty: tuple[Path, str]) -> None:
    data, output = dirty
    assert rows(data, "select count(*) from silver.usage") == [(0,)]
    assert rows(data, "select count(industry), count(*) > 0 from silver.account") == [(0, True)]
    assert output.count("The org has no object Usage__c: usage stays empty") == 1
    assert output.count("Account lacks Type, Industry, ") == 1


def names_of_versions(data: Path) -> list[tuple[object, ...]]:
    """Ids and versions of the accounts that changed from day to day."""
    return rows(
        data,
        "select account_id, account_name[20:] from silver.account "
        "where account_id like '0010%' order by account_id",
    )


def test_the_newest_version_counts_and_deleted_records_are_gone(dirty: tuple[Path, str]) -> None:
    """The second account is deleted on day 3, on which the third comes into being."""
    assert names_of_versions(dirty[0]) == [(ACCOUNTS[0], "on day 3"), (ACCOUNTS[2], "on day 3")]


@pytest.mark.parametrize(
    ("as_of", "name"), [(date(2026, 11, 1), "on day 1"), (date(2026, 11, 21), "on day 2")]
)
def test_the_version_known_at_as_of_counts(
    dirty: tuple[Path, str], tmp_path: Path, as_of: date, name: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "bronze").symlink_to(dirty[0] / "bronze")
    build(data, "silver_account", as_of=as_of)
    assert names_of_versions(data) == [(ACCOUNTS[0], name), (ACCOUNTS[1], name)]


def test_a_folder_without_an_extract_gets_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    completed = run_silver(tmp_path / "data", "compile", "--select", "base_account")
    assert completed.returncode
    assert "no manifest.json): run `python -m extract` first" in completed.stdout


def test_an_impossible_as_of_gets_one_clear_error(dirty: tuple[Path, str]) -> None:
    completed = run_silver(
        dirty[0], "compile", "--select", "silver_interaction", "--vars", "as_of: yesterday"
    )
    assert completed.returncode
    assert "as_of is 'yesterday', which is no date of the form YYYY-MM-DD" in completed.stdout


def test_the_generic_tests_find_what_they_look_for(tmp_path: Path) -> None:
    """Two repeated keys, one null key and two false conditions; a null condition passes."""
    (tmp_path / "data").mkdir()
    write_extraction(tmp_path / "data", datetime(2026, 11, 20, tzinfo=UTC), {"Account": []})
    copy_project(tmp_path / "project")
    models = tmp_path / "project" / "models"
    (models / "flawed.sql").write_text(
        "select * from (values ('a', 1, 1), ('a', 1, 2), ('b', 2, null), ('b', 3, -1), "
        "(null, 4, 0)) as flawed (letter, number, amount)"
    )
    (models / "flawed.yml").write_text(
        """
models:
  - name: flawed
    data_tests:
      - primary_key: {name: by_letter, arguments: {columns: [letter]}}
      - primary_key: {name: by_number, arguments: {columns: [number]}}
      - primary_key: {name: by_both_and_amount, arguments: {columns: [letter, number, amount]}}
      - is_true: {name: amount_is_positive, arguments: {condition: amount > 0}}
      - is_true: {name: number_is_positive, arguments: {condition: number > 0}}
"""
    )
    run_silver(tmp_path / "data", "build", "--select", "flawed")
    results = json.loads((tmp_path / "target" / "run_results.json").read_text(encoding="utf-8"))
    failures = {
        result["unique_id"].split(".")[2]: result["failures"]
        for result in results["results"]
        if result["unique_id"].startswith("test.")
    }
    assert failures == {
        "by_letter": 3,
        "by_number": 1,
        "by_both_and_amount": 2,
        "amount_is_positive": 2,
        "number_is_positive": 0,
    }
