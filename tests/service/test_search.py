"""Search as people type."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from service.queries.caller_view import to_long_id
from service.state.tokens import add_token
from tests.service.conftest import copy_published, serving


def folded(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


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
        assert folded(answer[0]["customer_name"]) == folded(name)
    assert found(viewer, "a") == found(viewer, "a")


def test_nothing_found_is_an_empty_list_with_a_hint(viewer: httpx.Client) -> None:
    for text in ("qqqqqzzzzz", "%", "'; drop table x; --", "\\", "🙂", "."):
        answer = viewer.get("/api/customers", params={"q": text})
        assert answer.status_code == 200, text
        if not answer.json()["items"]:
            assert answer.json()["hint"]


NAMES = {
    "Мельник Телеком": ["Меьлник", "мелник", "Мельн", "Мельнек телеком", "Тлеком"],
    "Йошкар Україна": ["Иошкар", "украіна", "Укрїана"],
    "Παπαδόπουλος Τηλεπικοινωνίες": ["παπαδοπουλος", "Παπαδπουλος", "Τηλεπικονωνίες"],
    "中国联合网络通信": ["中国联合", "中国联合网路通信", "中国合联网络通信"],
    "شركة الاتصالات": ["الاتصالت", "الاتصلاات", "شركة"],
    "한국통신네트워크": ["한국통신", "한국통신네트워그"],
    "हिन्दुस्तान दूरसंचार": ["हिन्दुस्तान", "दूरसंचार"],
    "Ünïted Société Łódź": ["united", "socitée", "Société", "scoiete"],
    "🙂🙂🙂 Σμυρναίος": ["Σμυρνίαος"],
}


@pytest.fixture(scope="module")
def abroad(
    pristine_data_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx.Client, dict[str, str]]]:
    """A server on a build whose customers have names in many scripts, and their ids by name."""
    data = copy_published(pristine_data_directory, tmp_path_factory.mktemp("abroad"))
    model = Path("warehouse/models/serving/serving_search_token.sql").read_text(encoding="utf-8")
    folded = re.search(r"regexp_extract_all\(lower\(strip_accents\(name\)\), '.*'\)", model)
    assert folded
    with duckdb.connect(str((data / "warehouse" / "current.duckdb").resolve())) as connection:
        ids = connection.execute(
            "select customer_id from gold.serving_customer where customer_kind = 'account'"
            f" order by customer_id limit {len(NAMES)}"
        ).fetchall()
        by_name = {name: row[0] for name, row in zip(NAMES, ids, strict=True)}
        for name, customer_id in by_name.items():
            connection.execute(
                "insert into gold.serving_search_token (token, kind, customer_id, position)"
                " select unnest(words), 'name', $customer_id, generate_subscripts(words, 1)"
                f" from (select {folded[0]} as words from (select $name as name))",
                {"customer_id": customer_id, "name": name},
            )
        connection.execute(
            "insert into gold.serving_search_word (word, letters, customers)"
            " select token, length(token), 1 from gold.serving_search_token"
            " where kind = 'name' and token not in (select word from gold.serving_search_word)"
            " group by token"
        )
    with serving(data) as server:
        secret = add_token(server.store(), "abroad", "viewer")
        with server.client(secret) as client:
            yield client, by_name


def test_typos_count_characters_in_every_script(
    abroad: tuple[httpx.Client, dict[str, str]],
) -> None:
    client, by_name = abroad
    for name, texts in NAMES.items():
        for text in (name, *texts, unicodedata.normalize("NFD", texts[0])):
            assert by_name[name] in found(client, text, limit=200), (name, text)


def test_a_typo_is_not_another_word(abroad: tuple[httpx.Client, dict[str, str]]) -> None:
    """Letters of two bytes are one edit each: three wrong letters are another word."""
    client, by_name = abroad
    for text in ("Мульгек", "中国移动网络电信", "Παπαντόνιου"):
        assert not set(found(client, text)) & set(by_name.values()), text
