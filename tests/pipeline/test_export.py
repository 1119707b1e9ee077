"""Exports to a folder and to a server that speaks S3."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]  # it has no annotations
import botocore.config  # type: ignore[import-untyped]  # likewise
import duckdb
import pytest

from tests.pipeline.conftest import Pipeline
from warehouse.runner.publish import current_build_id

TABLES = {
    *("gold.customer", "gold.customer_360_current", "gold.recommendations", "gold.risk_alerts"),
    "silver.account",
}


def manifest_in(folder: Path) -> dict[str, Any]:
    [path] = folder.glob("manifest_*.json")
    manifest: dict[str, Any] = json.loads(path.read_text())
    return manifest


def test_a_folder_gets_every_table_and_a_manifest(
    published_pipeline: Pipeline, tmp_path: Path
) -> None:
    completed = published_pipeline.run("export", str(tmp_path))
    assert completed.returncode == 0, completed.stderr
    build_id = current_build_id(published_pipeline.folder)
    manifest = manifest_in(tmp_path)
    assert manifest["build_id"] == build_id
    entries = {
        f"{entry['schema_name']}.{entry['table_name']}": entry for entry in manifest["tables"]
    }
    assert set(entries) == TABLES
    for name, entry in entries.items():
        [file] = entry["files"]
        assert file["path"] == f"{name.replace('.', '_')}_{build_id}.parquet"
        path = tmp_path / file["path"]
        assert path.stat().st_size == file["bytes"]
        [(rows,)] = published_pipeline.query(f"select count(*) from {name}")
        assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == [(rows,)]
        assert rows == file["rows"] == entry["rows"]
        assert duckdb.sql(
            f"select distinct compression from parquet_metadata('{path}')"
        ).fetchall() == [("SNAPPY",)]
    assert list(tmp_path.glob(".export*")) == []


@pytest.mark.parametrize("partition_by", ["region", "month"])
def test_partitions(published_pipeline: Pipeline, tmp_path: Path, partition_by: str) -> None:
    arguments = ["--partition-by", partition_by]
    for _ in range(2):
        completed = published_pipeline.run("export", str(tmp_path), *arguments)
        assert completed.returncode == 0, completed.stderr
    entries = {entry["table_name"]: entry for entry in manifest_in(tmp_path)["tables"]}
    if partition_by == "region":
        # risk_alerts knows its region through its customer.
        assert entries["risk_alerts"]["partition_by"] == "region"
        files = f"{tmp_path}/gold_risk_alerts/region=*/gold_risk_alerts_*.parquet"
        query = (
            "select region, count(*) from gold.risk_alerts join gold.customer using (customer_id)"
        )
        assert sorted(
            duckdb.sql(f"select region, count(*) from '{files}' group by all").fetchall()
        ) == sorted(published_pipeline.query(f"{query} group by all"))
    else:
        assert entries["customer_360_current"]["partition_by"] == "year_month"
        assert entries["customer"]["partition_by"] is None
        [file] = entries["customer_360_current"]["files"]
        assert file["path"].startswith("gold_customer_360_current/year_month=2026-11/")


def test_errors_are_one_sentence(published_pipeline: Pipeline, tmp_path: Path) -> None:
    for arguments, message in (
        (["/proc/nowhere"], "The export to /proc/nowhere failed"),
        (["s3://bucket/x"], "needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ([str(tmp_path), "--table", "gold.nothing"], "There is no table gold.nothing"),
    ):
        completed = published_pipeline.run(
            "export", *arguments, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY=""
        )
        assert completed.returncode == 1
        assert message in completed.stderr
        assert "Traceback" not in completed.stderr


def client(endpoint: str, config: Any = None) -> Any:
    """Return another client than the one under test."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=config,
    )


@pytest.fixture
def s3() -> Iterator[dict[str, str]]:
    """A server that speaks S3, with an empty bucket; the environment that reaches it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    endpoint = f"http://127.0.0.1:{port}"
    try:
        patient = botocore.config.Config(retries={"total_max_attempts": 30, "mode": "standard"})
        client(endpoint, patient).create_bucket(Bucket="lake")
        yield {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": endpoint,
        }
    finally:
        server.terminate()
        server.wait()


def test_object_storage(published_pipeline: Pipeline, s3: dict[str, str]) -> None:
    completed = published_pipeline.run(
        "export", "s3://lake/customer360", "--partition-by", "region", **s3
    )
    assert completed.returncode == 0, completed.stderr
    build_id = current_build_id(published_pipeline.folder)

    storage = client(s3["AWS_ENDPOINT_URL"])

    def get(key: str) -> bytes:
        content: bytes = storage.get_object(Bucket="lake", Key=f"customer360/{key}")["Body"].read()
        return content

    manifest = json.loads(get(f"manifest_{build_id}.json"))
    assert len(manifest["tables"]) == len(TABLES)
    rows = 0
    for entry in manifest["tables"]:
        for file in entry["files"]:
            content = get(file["path"])
            assert len(content) == file["bytes"]
            assert content[:4] == content[-4:] == b"PAR1"
            rows += file["rows"]
    assert rows == sum(
        published_pipeline.query(f"select count(*) from {name}")[0][0] for name in TABLES
    )


def test_a_failed_export_does_not_undo_the_publish(pipeline: Pipeline) -> None:
    before = current_build_id(pipeline.folder)
    completed = pipeline.run("build", "--export", os.devnull)
    assert completed.returncode == 1
    assert f"The export to {os.devnull} failed" in completed.stderr
    assert current_build_id(pipeline.folder) != before
    assert pipeline.last_run()["status"] == "published"
