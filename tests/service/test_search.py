"""Search as people type."""

import unicodedata
from typing import Any

import duckdb
import httpx
import pytest

from service.queries.search import fold
from service.queries.view import to_long_id


def found(client: httpx.Client, text: str, **query: Any) -> list[str]:
    parameters: dict[str, Any] = {"q": text, "limit": 20} | query
    answer = client.get("/api/customers", params=parameters)
    assert answer.status_code == 200, answer.text
    return [row["customer_id"] for row in answer.json()["items"]]


@pytest.fixture(scope="module")
def named(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Accounts whose names have a first word long enough for a typo."""
    return warehouse.execute(
        "select customer_id, customer_name from gold.serving_customer"
        " where customer_kind = 'account' and regexp_matches(customer_name, '^[A-Za-z]{7,} \\w+')"
        " order by hash(customer_id) limit 15"
    ).fetchall()


def test_names_prefixes_any_order_and_case(
    viewer: httpx.Client, named: list[tuple[str, str]]
) -> None:
    for customer_id, name in named:
        words = name.split()
        assert customer_id in found(viewer, name.upper())
        assert customer_id in found(viewer, f"{words[1]} {words[0][:5]}", limit=200)


def test_typos(viewer: httpx.Client, named: list[tuple[str, str]]) -> None:
    for customer_id, name in named:
        first, second = name.split()[:2]
        swapped = first[:3] + first[4] + first[3] + first[5:]
        missing = first[:4] + first[5:]
        for typo in (swapped, missing):
            assert customer_id in found(viewer, f"{typo} {second}", limit=200), (name, typo)


def test_ids_domains_and_addresses(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = warehouse.execute(
        "select customer_id, kind, token from gold.serving_search_token"
        " where kind in ('domain', 'email') order by hash(token) limit 20"
    ).fetchall()
    for customer_id, _, token in rows:
        assert customer_id in found(viewer, token, limit=200)
        assert found(viewer, customer_id)[0] == customer_id
    account = next(row[0] for row in rows if not row[0].startswith("M-"))
    assert found(viewer, account[:15]) == [account]
    assert to_long_id(account[:15]) == account


def test_a_master_is_found_by_a_member_name(
    viewer: httpx.Client, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = warehouse.execute(
        "select bridge.customer_id, account.account_name"
        " from gold.customer_account as bridge"
        " inner join silver.account as account on bridge.account_id = account.account_id"
        " inner join gold.customer as master on bridge.customer_id = master.customer_id"
        " where master.customer_kind = 'master' and account.account_name <> master.customer_name"
        " order by 1 limit 1"
    ).fetchone()
    assert row
    assert row[0] in found(viewer, row[1], kind="master")


def test_the_best_match_is_first_and_stable(
    viewer: httpx.Client, named: list[tuple[str, str]]
) -> None:
    for _, name in named:
        answer = viewer.get("/api/customers", params={"q": name, "limit": 5}).json()["items"]
        assert fold(answer[0]["customer_name"]) == fold(name)
    assert found(viewer, "a") == found(viewer, "a")


def test_nothing_found_is_an_empty_list_with_a_hint(viewer: httpx.Client) -> None:
    for text in ("qqqqqzzzzz", "%", "'; drop table x; --", "\\", "🙂", "."):
        answer = viewer.get("/api/customers", params={"q": text})
        assert answer.status_code == 200, text
        if not answer.json()["items"]:
            assert answer.json()["hint"]


def test_accents_do_not_matter() -> None:
    assert fold("Ünïted") == fold(unicodedata.normalize("NFD", "Ünïted")) == "united"
