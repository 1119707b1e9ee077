"""With a key, what is at rest is unreadable without it; without one, nothing changes."""

import base64
import json
import os
from pathlib import Path

import duckdb
import pyarrow.parquet
import pyarrow.parquet.encryption
import pytest

from tests.pipeline.conftest import PROJECT, Pipeline

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()
# Occurs in every account's name, so it is in any file that holds names in the clear.
PLAIN = b"Unmistakable"


def encrypt_bronze(pipeline: Pipeline) -> None:
    """Rewrite bronze as the extraction writes it with a key."""
    [path] = (pipeline.root / "bronze" / "account").iterdir()
    table = pyarrow.parquet.read_table(path)
    properties = pyarrow.parquet.encryption.create_encryption_properties(
        footer_key=base64.b64decode(KEY)
    )
    with pyarrow.parquet.ParquetWriter(
        path, table.schema, compression="snappy", encryption_properties=properties
    ) as writer:
        writer.write_table(table)


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A pipeline whose bronze is encrypted and whose build was published with the key."""
    pipeline = Pipeline(tmp_path_factory.mktemp("encrypted") / "data", PROJECT)
    pipeline.land(500, name=f"'{PLAIN.decode()} ' || i")
    encrypt_bronze(pipeline)
    completed = pipeline.run("build", "--json", CUSTOMER360_ENCRYPTION_KEY=KEY)
    assert completed.returncode == 0, completed.stderr
    assert json.loads(completed.stdout)["customers"] == 500
    assert KEY not in completed.stdout + completed.stderr
    return pipeline


def files_with(content: bytes, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and content in path.read_bytes()]


def test_nothing_at_rest_holds_data_or_the_key(encrypted: Pipeline) -> None:
    assert files_with(PLAIN, encrypted.root) == []
    assert files_with(KEY.encode(), encrypted.root) == []


def test_the_file_opens_with_its_key_only(encrypted: Pipeline) -> None:
    path = encrypted.folder.current.resolve()
    with pytest.raises(duckdb.Error, match="without a key"), duckdb.connect(path, read_only=True):
        pass
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as published (read_only, encryption_key '{KEY}')")
        rows = connection.execute("select count(*) from published.gold.customer").fetchall()
        assert rows == [(500,)]


def test_shell_documentation_and_export_use_the_key(encrypted: Pipeline, tmp_path: Path) -> None:
    answer = encrypted.run(
        "sql", "-csv", "-c", "select count(*) from gold.customer", CUSTOMER360_ENCRYPTION_KEY=KEY
    )
    assert answer.stdout.split() == ["count_star()", "500"], answer.stderr
    site = encrypted.run("docs", "--no-serve", CUSTOMER360_ENCRYPTION_KEY=KEY)
    assert site.returncode == 0, site.stderr
    catalog = json.loads((encrypted.folder.dbt / "docs" / "catalog.json").read_text())
    assert "model.customer360.gold_customer" in catalog["nodes"]
    export = encrypted.run("export", os.fspath(tmp_path), CUSTOMER360_ENCRYPTION_KEY=KEY)
    assert export.returncode == 0, export.stderr
    assert files_with(PLAIN, tmp_path) == []
    [path] = tmp_path.glob("gold_customer_2*.parquet")
    with duckdb.connect() as connection:
        connection.execute(f"pragma add_parquet_key('customer360', '{KEY}')")
        config = "encryption_config = {footer_key: 'customer360'}"
        rows = connection.execute(
            f"select count(*) from read_parquet('{path}', {config})"
        ).fetchall()
        assert rows == [(500,)]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "is encrypted: set CUSTOMER360_ENCRYPTION_KEY"),
        (OTHER_KEY, "is encrypted with another key"),
        ("short", "is not a key: it must be 32 random bytes in base64"),
    ],
)
def test_a_wrong_key_is_one_sentence(
    encrypted: Pipeline, tmp_path: Path, key: str, message: str
) -> None:
    completed = encrypted.run("export", os.fspath(tmp_path), CUSTOMER360_ENCRYPTION_KEY=key)
    assert completed.returncode == 1
    assert message in completed.stderr
    assert "Traceback" not in completed.stderr
    assert not key or key not in completed.stderr


def test_turning_encryption_on_compares_with_the_open_build(pipeline: Pipeline) -> None:
    pipeline.land(510)
    encrypt_bronze(pipeline)
    completed = pipeline.run("build", "--json", CUSTOMER360_ENCRYPTION_KEY=KEY)
    assert completed.returncode == 0, completed.stderr
    assert json.loads(completed.stdout)["changes"]["customers"] == {"new": 10, "gone": 0}
