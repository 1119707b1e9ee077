"""Linking as a run does it: the same answer in any order, and what a person decided stands."""

import math
import shutil
from pathlib import Path

import duckdb
import pytest

from benchmarks._company_names import generate
from benchmarks.linking import SEEDS, dbt, prepare

ACCOUNTS = 400
LINKS = "select account_id_1, account_id_2, method, confidence from intermediate.account_link"
MEMBERS = "select account_id, master_account_id from intermediate.master_member"


def rows(folder: Path, query: str) -> set[tuple[object, ...]]:
    """Rows of a query on the warehouse file of a folder."""
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        return set(connection.execute(query).fetchall())


def masters(folder: Path) -> dict[str, str]:
    """Return the master of each account that has one."""
    return {str(account): str(master) for account, master in rows(folder, MEMBERS)}


def change(folder: Path, *statements: str) -> None:
    """Change the warehouse file of a folder."""
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)


def link(folder: Path, *arguments: str) -> None:
    """Run the linking models."""
    dbt(folder, "run", "--select", "path:models/linking", *arguments)


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a linked warehouse file of generated names, and a copy of the file."""
    folder = tmp_path_factory.mktemp("linked")
    names, companies = generate(ACCOUNTS)
    prepare(folder, names, list(map(str, companies)))
    dbt(
        folder,
        *("build", "--threads", "2", "--exclude-resource-type", "test", "unit_test"),
        *("--select", "path:models/linking", *SEEDS),
    )
    shutil.copy(folder / "warehouse.duckdb", folder / "first.duckdb")
    return folder


@pytest.fixture
def linked(first_run: Path) -> Path:
    """The folder as the first run left it."""
    shutil.copy(first_run / "first.duckdb", first_run / "warehouse.duckdb")
    return first_run


def test_row_order_and_threads_change_nothing(linked: Path) -> None:
    links, members = rows(linked, LINKS), rows(linked, MEMBERS)
    change(
        linked,
        "create or replace table silver.account as "
        "select * from silver.account order by hash(account_id)",
    )
    link(linked, "--threads", "1")
    assert len(links) > ACCOUNTS / 5
    assert rows(linked, LINKS) == links
    assert rows(linked, MEMBERS) == members


def test_decisions_hold_and_masters_keep_their_ids_as_accounts_are_added(linked: Path) -> None:
    before = masters(linked)
    exact = sorted(rows(linked, LINKS + " where method = 'exact'"))
    never = str(exact[0][0]), str(exact[0][1])
    alone = sorted(
        rows(
            linked,
            "select account_id from silver.account "
            "where account_id not in (select account_id from intermediate.master_member)",
        )
    )
    together = str(alone[0][0]), str(alone[1][0])
    change(
        linked,
        "insert into seeds.manual_account_link values "
        f"('{never[1][:15]}', '{never[0]}', 'never', 'two companies'), "
        f"('{never[0]}', '{never[1]}', 'link', 'decided twice'), "
        f"('{together[0]}', '{together[1]}', 'link', 'renamed'), "
        f"('{together[0]}', '001999999999999AAA', 'link', 'a typing error')",
        # Later accounts of the names of members, other accounts than those decided upon.
        "insert into silver.account select * replace "
        "('002' || substr(account_id, 4) as account_id, timestamp '2021-01-01' as created_at) "
        "from silver.account where account_id in ("
        "select account_id from intermediate.master_member order by account_id desc limit 40)",
    )
    link(linked)
    after = masters(linked)
    links = rows(linked, LINKS)
    assert after.get(never[0]) is None or after.get(never[0]) != after.get(never[1])
    assert not [pair for pair in links if set(pair[:2]) == set(never)]
    assert after[together[0]] == after[together[1]]
    assert (*sorted(together), "manual", 100.0) in links
    added = [account for account in after if account.startswith("002")]
    assert len(added) > 30
    # The master of the parted pair alone may lose its name.
    assert set(before.values()) - set(after.values()) <= {before[never[0]]}
    moved = [account for account, master in before.items() if after.get(account) != master]
    assert {before[account] for account in moved} <= {before[never[0]]}


def test_common_names_of_more_accounts_than_companies_have_must_prove_more(linked: Path) -> None:
    added = [f"Own{number} {word}" for number in range(12) for word in ("Zorbatel", "Kumbra")]
    added += ["Zorbatel Kumbra"] * 30 + ["Qexomir Kumbra"] * 20 + ["Kumbra Zorbatel Own1"]
    values = ", ".join(f"('002{number:012}AAA', '{name}')" for number, name in enumerate(added))
    change(
        linked,
        "insert into silver.account by name select *, timestamp '2021-01-01' as created_at "
        f"from (values {values}) as added (account_id, account_name)",
    )
    link(linked)
    sizes = rows(
        linked,
        "with word as (select loose_key, account_count, unnest(words) as word "
        "from intermediate.company_name) "
        "select loose_key, account_count, min(name_count) from word "
        "inner join intermediate.word using (word) group by all",
    )
    own_word = [int(str(size)) for _, size, fewest in sizes if int(str(fewest)) <= 10]
    query = "select loose_key, crowd_bits from intermediate.company_name"
    found = {key: bits for key, bits in rows(linked, query)}  # noqa: C416 -- types the columns
    # Of the names with a word of their own none has 30 accounts, and one has 20.
    assert max(own_word) == 20
    assert found["zorbatel kumbra"] == pytest.approx(math.log2((1 + len(own_word)) / 32))
    assert found["qexomir kumbra"] is None
    assert found["kumbra zorbatel own1"] is None
