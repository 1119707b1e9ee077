"""SOQL is compiled with Salesforce's meaning and refused with Salesforce's error codes."""

from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.sandbox.soql import CompiledQuery, SObject, SObjectField, SoqlError, compile_query

pytestmark = pytest.mark.unit

TODAY = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


def _sobject(name: str, *fields: SObjectField) -> tuple[str, SObject]:
    return name.lower(), SObject(name, {field.name.lower(): field for field in fields})


SCHEMA = dict(
    [
        _sobject(
            "Account",
            SObjectField("Id", "id"),
            SObjectField("Name", "string"),
            SObjectField("Amount", "currency"),
            SObjectField("CreatedDate", "datetime"),
            SObjectField("Day", "date"),
            SObjectField("IsDeleted", "boolean"),
            SObjectField("Notes", "textarea", filterable=False, sortable=False),
            SObjectField("OwnerId", "reference", reference_to="User", relationship_name="Owner"),
        ),
        _sobject("User", SObjectField("Id", "id"), SObjectField("Name", "string")),
    ]
)

ROWS: list[tuple[Any, ...]] = [
    ("001000000000001AAA", "Alpha", "10.00", datetime(2026, 11, 22, 1, tzinfo=UTC), False),
    ("001000000000002AAA", "beta_1", None, datetime(2026, 11, 21, 23, 59, tzinfo=UTC), False),
    ("001000000000003AAA", None, "30.50", datetime(2025, 1, 1, tzinfo=UTC), False),
    ("001000000000004AAA", "It's", "-1.00", datetime(2026, 11, 1, tzinfo=UTC), True),
]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(
        'create table "Account" ("Id" varchar, "Name" varchar, "Amount" decimal(18, 2), '
        '"CreatedDate" timestamptz, "Day" date, "IsDeleted" boolean, "Notes" varchar, '
        '"OwnerId" varchar)'
    )
    connection.execute('create table "User" as select \'U1\' as "Id", \'Ann\' as "Name"')
    for identifier, name, amount, created, deleted in ROWS:
        connection.execute(
            'insert into "Account" values (?, ?, ?, ?, ?, ?, null, ?)',
            [identifier, name, amount, created, created.date(), deleted, "U1"],
        )
    return connection


def _compile(soql: str, **options: bool) -> CompiledQuery:
    return compile_query(soql, SCHEMA, today=TODAY, **options)


def _numbers(connection: duckdb.DuckDBPyConnection, where: str) -> list[int]:
    query = _compile(f"SELECT Id FROM Account WHERE {where} ORDER BY Id", include_deleted=True)
    rows = connection.execute(query.sql, list(query.parameters)).fetchall()
    return [int(row[0][3:15]) for row in rows]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("Name = 'ALPHA'", [1]),
        ("Name != 'alpha'", [2, 3, 4]),
        ("Name = null", [3]),
        ("Name <> null", [1, 2, 4]),
        ("NOT (Amount > 5)", [2, 4]),
        ("NOT Amount = null", [1, 3, 4]),
        ("Amount >= 10 AND Amount < 30.51", [1, 3]),
        ("Amount = -1.00", [4]),
        ("Name LIKE 'B%'", [2]),
        (r"Name LIKE 'beta\_1'", [2]),
        (r"Name LIKE 'bet\_%'", []),
        (r"Name = 'It\'s'", [4]),
        ("Name IN ('alpha', 'BETA_1', null)", [1, 2, 3]),
        ("Name NOT IN ('alpha')", [2, 3, 4]),
        ("Id = '001000000000001'", [1]),
        ("Id = '001000000000001AAA'", [1]),
        ("CreatedDate = TODAY", [1]),
        ("CreatedDate < TODAY", [2, 3, 4]),
        ("CreatedDate > YESTERDAY", [1]),
        ("CreatedDate = THIS_MONTH", [1, 2, 4]),
        ("CreatedDate != LAST_YEAR", [1, 2, 4]),
        ("CreatedDate = LAST_N_DAYS:1", [1, 2]),
        ("CreatedDate = N_DAYS_AGO:1", [2]),
        ("CreatedDate = THIS_WEEK", [1]),
        ("CreatedDate = LAST_WEEK", [2]),
        ("CreatedDate >= LAST_N_MONTHS:1", [1, 2, 4]),
        ("CreatedDate = LAST_N_MONTHS:1", []),
        ("CreatedDate = THIS_QUARTER", [1, 2, 4]),
        ("CreatedDate = LAST_N_YEARS:1", [3]),
        ("CreatedDate < NEXT_MONTH", [1, 2, 3, 4]),
        ("CreatedDate >= 2026-11-21T23:59:00Z", [1, 2]),
        ("CreatedDate >= 2026-11-22T00:59:00.000+01:00", [1, 2]),
        ("Day <= 2025-01-01", [3]),
        ("IsDeleted = true", [4]),
        ("Owner.Name = 'ann' AND (Name = 'Alpha' OR Name = 'It''')", [1]),
    ],
)
def test_where(connection: duckdb.DuckDBPyConnection, where: str, expected: list[int]) -> None:
    if "''" in where:
        # SOQL escapes a quote with a backslash, never by doubling it.
        with pytest.raises(SoqlError) as refused:
            _compile(f"SELECT Id FROM Account WHERE {where}")
        assert refused.value.code == "MALFORMED_QUERY"
    else:
        assert _numbers(connection, where) == expected


def test_deleted_rows_need_query_all(connection: duckdb.DuckDBPyConnection) -> None:
    for include_deleted, expected in ((False, 3), (True, 4)):
        query = _compile("SELECT COUNT() FROM Account", include_deleted=include_deleted)
        assert query.is_count
        count = connection.execute(query.sql, list(query.parameters)).fetchall()[0][0]
        assert count == expected


def test_order_limit_offset_and_null_placement(connection: duckdb.DuckDBPyConnection) -> None:
    query = _compile("select Name, a.Amount from Account a order by Amount desc limit 2 offset 1")
    rows = connection.execute(query.sql, list(query.parameters)).fetchall()
    assert query.fields == ("Name", "Amount")
    assert [row[0] for row in rows] == [None, "Alpha"]


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT Id FROM Nothing", "INVALID_TYPE"),
        ("SELECT Missing__c FROM Account", "INVALID_FIELD"),
        ("SELECT Id, ID FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE CreatedDate = '2026-01-01'", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Notes = 'x'", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Nobody.Name = 'x'", "INVALID_FIELD"),
        ("SELECT Id FROM Account ORDER BY Notes", "MALFORMED_QUERY"),
        ("SELECT Id, FROM Account", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE CreatedDate = SOMEDAY", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Day = 2026-02-31", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Day = LAST_N_YEARS:99999", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Day = TODAY:3", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account LIMIT 1 OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
        ("", "MALFORMED_QUERY"),
    ],
)
def test_refused(soql: str, code: str) -> None:
    with pytest.raises(SoqlError) as refused:
        _compile(soql)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT COUNT() FROM Account",
        "SELECT Id FROM Account LIMIT 5 OFFSET 5",
        "SELECT MAX(Amount) FROM Account",
        "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
        "SELECT Name FROM Account GROUP BY Name",
    ],
)
def test_bulk_refuses_what_it_cannot_do(soql: str) -> None:
    with pytest.raises(SoqlError):
        _compile(soql, bulk=True)


@given(text=st.text(max_size=40))
def test_any_text_literal_finds_itself(text: str) -> None:
    """Whatever the text holds, an escaped literal equals the text and nothing else runs."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    query = _compile(f"SELECT Id FROM Account WHERE Name = '{escaped}'")
    assert query.parameters == (text.lower(),)


@given(day=st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31)))
def test_a_date_equals_the_whole_day_of_a_datetime(day: date) -> None:
    query = _compile(f"SELECT Id FROM Account WHERE CreatedDate = {day.isoformat()}")
    first, after = query.parameters
    assert isinstance(first, datetime)
    assert isinstance(after, datetime)
    assert first.date() == day
    assert (after - first).total_seconds() == 86400
