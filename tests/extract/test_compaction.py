"""Compaction makes few files of many and changes nothing that is read."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.extract.conftest import Extraction

EVERYTHING = "select * exclude filename from bronze order by all"
AT_A_TIME = """
    select * exclude (filename, _extracted_at, _batch_id)
    from bronze
    where _extracted_at <= '{moment}'
    qualify row_number() over (partition by Id order by _extracted_at desc, SystemModstamp desc) = 1
    order by all
"""


def change(extraction: Extraction, title: str, rows: int) -> None:
    extraction.sandbox.sql(
        """update "Contact" set "Title" = ?, "SystemModstamp" = now()
        where "Id" in (select "Id" from "Contact" order by "Id" limit ?)""",
        title,
        rows,
    )


@pytest.fixture
def history(extraction: Extraction) -> Extraction:
    """Several versions in many files: changes, full reads without changes, a tombstone."""
    extraction.configure("Contact", rest_rows=0, bulk_page_rows=100)
    extraction.whole()
    for number in range(3):
        change(extraction, f"Title {number}", 5 + number)
        extraction.whole()
    for _ in range(3):
        extraction.whole("--full")
    return extraction


def files_of(extraction: Extraction) -> list[dict[str, Any]]:
    manifest = json.loads((extraction.data / "bronze" / "manifest.json").read_text())
    files: list[dict[str, Any]] = manifest["objects"]["Contact"]["files"]
    return files


def test_every_moment_reads_the_same_before_and_after(history: Extraction) -> None:
    moments = [
        row[0]
        for row in history.query(
            "select distinct _extracted_at::varchar from bronze order by 1", "Contact"
        )
    ]
    assert len(moments) == 7
    before = [history.query(AT_A_TIME.format(moment=moment), "Contact") for moment in moments]
    newest = "select * exclude filename from bronze qualify row_number() over (partition by Id "
    newest += "order by _extracted_at desc, SystemModstamp desc) = 1 order by all"
    current = history.query(newest, "Contact")
    count = len(files_of(history))
    outcome = history.whole("compact")
    assert "became 1" in outcome.output
    assert count > 10
    assert len(files_of(history)) == 1
    after = [history.query(AT_A_TIME.format(moment=moment), "Contact") for moment in moments]
    assert after == before
    assert history.query(newest, "Contact") == current
    history.assert_equals_org("Contact")


def test_only_repetitions_are_dropped(history: Extraction) -> None:
    versions = "select distinct * exclude (filename, _extracted_at, _batch_id) from bronze"
    before = history.query(f"{versions} order by all", "Contact")
    total = history.query("select count(*) from bronze", "Contact")[0][0]
    history.whole("compact")
    assert history.query(f"{versions} order by all", "Contact") == before
    assert history.query("select count(*) from bronze", "Contact")[0][0] < total
    assert "nothing to gain" in history.whole("compact").output


def test_the_entry_of_a_merged_file_covers_its_rows(history: Extraction) -> None:
    history.whole("compact")
    (file,) = files_of(history)
    found = history.query(
        "select min(_extracted_at) >= '{extracted_at}', max(_extracted_at)::timestamp <= "
        "'{extracted_until}'::timestamp + interval 1 millisecond, "
        "count(*) filter (not IsDeleted), count(*) filter (IsDeleted) from bronze".format(**file),
        "Contact",
    )
    assert found == [(True, True, file["rows"], file["rows_deleted"])]


def test_a_retention_drops_superseded_versions_only(history: Extraction) -> None:
    history.whole("compact", "--retention-days", "0")
    assert (
        history.query("select count(*) from bronze group by Id having count(*) > 1", "Contact")
        == []
    )
    history.assert_equals_org("Contact")


def test_extraction_goes_on_after_compaction(history: Extraction) -> None:
    history.whole("compact")
    change(history, "Later", 3)
    assert (
        history.whole().record("Contact")["rows"] + history.whole().record("Contact")["rows"] == 3
    )
    history.assert_equals_org("Contact")


def test_a_name_that_was_never_extracted_is_an_error(history: Extraction) -> None:
    outcome = history("compact", "--objects", "Nonsense")
    assert outcome.code == 1
    assert "Nothing is extracted of Nonsense" in outcome.errors


def test_files_are_encrypted_where_a_key_is_set(extraction: Extraction) -> None:
    key = base64.b64encode(os.urandom(32)).decode()
    extraction.configure("Contact", rest_rows=0, bulk_page_rows=100)
    secured = {"CUSTOMER360_ENCRYPTION_KEY": key}
    for arguments in ((), ("--full",), ("compact",), ()):
        extraction.whole(*arguments, **secured)
    names = extraction.sandbox.sql(
        'select "Email" from "Contact" where length("Email") > 8 limit 50'
    )
    for path in Path(extraction.data / "bronze").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [name for (name,) in names if name.encode() in content]
            assert key.encode() not in content
    (path,) = [extraction.data / "bronze" / file["path"] for file in files_of(extraction)]
    with duckdb.connect() as connection:
        connection.execute(f"pragma add_parquet_key('customer360', '{key}')")
        options = "encryption_config = {footer_key: 'customer360'}"
        rows = connection.execute(
            f"select count(distinct Id) from read_parquet('{path}', {options})"
        ).fetchall()
    assert rows == [tuple(extraction.sandbox.sql('select count(*) from "Contact"')[0])]


def test_a_wrong_key_is_one_clear_error(extraction: Extraction) -> None:
    outcome = extraction(CUSTOMER360_ENCRYPTION_KEY="short")
    assert outcome.code == 1
    assert "openssl rand -base64 32" in outcome.errors


def test_files_that_cannot_be_read_are_named(history: Extraction) -> None:
    path = history.data / "bronze" / files_of(history)[0]["path"]
    path.write_bytes(b"PAR1 nonsense")
    for arguments in ((), ("compact",)):
        outcome = history(*arguments)
        assert outcome.code == 1
        said = (outcome.errors + outcome.output).replace("\n", "")
        assert path.name in said
        assert "restore" in said or "backup" in said
