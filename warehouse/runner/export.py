"""Export the published silver and gold tables as Parquet, to a folder or to object storage."""

import json
import os
import shutil
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from common.durable import sync
from warehouse.runner.audit import tables
from warehouse.runner.encryption import PARQUET_KEY_NAME, connect, encryption_key, load_httpfs
from warehouse.runner.errors import WarehouseError
from warehouse.runner.folder import DataFolder
from warehouse.runner.publish import current_build_id
from warehouse.runner.shell import published

CATALOG = "published"
EXPORTED_SCHEMAS = ("silver", "gold")
PARTITIONS = ("region", "month")
# The date a row is about, best first; a table without any of them is not partitioned by month.
MONTH_COLUMNS = (
    *("as_of", "month", "usage_month", "invoice_date", "close_date", "activity_date"),
    *("service_date", "start_date", "install_date", "rate_date", "rate_day"),
    *("occurred_at", "started_at", "opened_on", "created_at"),
)
MANIFEST_TYPE = (
    '[{"schema_name": "VARCHAR", "table_name": "VARCHAR", "rows": "BIGINT", '
    '"partition_by": "VARCHAR", "columns": [{"name": "VARCHAR", "type": "VARCHAR"}], '
    '"files": [{"path": "VARCHAR", "rows": "BIGINT", "bytes": "BIGINT"}]}]'
)


@dataclass(frozen=True)
class Exported:
    """What an export wrote."""

    manifest: str
    tables: int
    rows: int
    bytes: int


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _open_object_storage(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the extension that speaks S3 and hand it the credentials of the environment.

    Raises:
        WarehouseError: the extension or the credentials are missing.
    """
    missing = [
        name for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if not os.environ.get(name)
    ]
    if missing:
        raise WarehouseError(
            f"Exporting to object storage needs {' and '.join(missing)} in the environment "
            "(and AWS_REGION, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL where the storage needs them)."
        )
    load_httpfs(connection)
    options = {
        "key_id": os.environ["AWS_ACCESS_KEY_ID"],
        "secret": os.environ["AWS_SECRET_ACCESS_KEY"],
        "session_token": os.environ.get("AWS_SESSION_TOKEN"),
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
    }
    terms = [f"{name} {_literal(value)}" for name, value in options.items() if value]
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        parts = urllib.parse.urlsplit(endpoint)
        # Servers other than Amazon's are addressed by path: they rarely own a name per bucket.
        terms += [
            f"endpoint {_literal(parts.netloc)}",
            f"use_ssl {parts.scheme == 'https'}",
            "url_style 'path'",
        ]
    connection.execute(f"create secret (type s3, {', '.join(terms)})")


def _partitioned_query(
    name: str, columns: Sequence[tuple[str, str]], partition_by: str | None
) -> tuple[str, str | None]:
    """Return the query that exports a table, and the column by which its files are split."""
    names = [column for column, _ in columns]
    table = f"{CATALOG}.{name}"
    if partition_by == "month":
        date = next((column for column in MONTH_COLUMNS if column in names), None)
        if date:
            return f"select *, strftime({date}, '%Y-%m') as year_month from {table}", "year_month"
    if partition_by == "region":
        if "region" in names:
            return f"select * from {table}", "region"
        home, key = ("gold.customer", "customer_id")
        if key not in names:
            home, key = ("silver.account", "account_id")
        if key in names:
            joined = f"left join {CATALOG}.{home} as home using ({key})"
            return f"select exported.*, home.region from {table} as exported {joined}", "region"
    return f"select * from {table}", None


def _write_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    timestamp: str,
    target: str,
    partition_by: str | None,
) -> dict[str, Any]:
    """Write one table below `target` and return its entry in the manifest."""
    schema, table = name.split(".", 1)
    columns = tables(connection, CATALOG)[name]
    query, split = _partitioned_query(name, columns, partition_by)
    stem = f"{schema}_{table}_{timestamp}"
    options = ["format parquet", "compression snappy", "return_stats"]
    if encryption_key():
        options.append(f"encryption_config {{footer_key: '{PARQUET_KEY_NAME}'}}")
    if split:
        path = f"{target}/{schema}_{table}"
        options += [
            f"partition_by ({split})",
            f"filename_pattern {_literal(stem + '_{i}')}",
            "overwrite_or_ignore",
        ]
    else:
        path = f"{target}/{stem}.parquet"
    written = connection.execute(
        f"copy ({query}) to {_literal(path)} ({', '.join(options)})"
    ).fetchall()
    files = [
        {"path": str(row[0]).removeprefix(f"{target}/"), "rows": row[1], "bytes": row[2]}
        for row in sorted(written)
    ]
    return {
        "schema_name": schema,
        "table_name": table,
        "rows": sum(file["rows"] for file in files),
        "partition_by": split,
        "columns": [{"name": column, "type": data_type} for column, data_type in columns],
        "files": files,
    }


def _publish_folder(staging: Path, destination: Path, entries: list[dict[str, Any]]) -> None:
    """Move finished files to their names, each durable before the manifest will list it."""
    folders = set()
    for entry in entries:
        for file in entry["files"]:
            source, final = staging / file["path"], destination / file["path"]
            sync(source)
            final.parent.mkdir(parents=True, exist_ok=True)
            source.replace(final)
            folders.add(final.parent)
    for folder in folders:
        sync(folder)


def export(
    folder: DataFolder,
    destination: str,
    partition_by: str | None = None,
    only: Sequence[str] = (),
) -> Exported:
    """Write the published tables and, last of all, the manifest that lists them.

    Files are named after the build (`gold_customer_<build_id>.parquet`; partitioned ones
    `gold_customer/region=Africa/gold_customer_<build_id>_0.parquet`), so exporting a build twice
    gives the same names, and a reader that goes by the manifests never sees half an export.

    Args:
        folder: the data folder.
        destination: a folder, or `s3://bucket/prefix`.
        partition_by: `region` or `month`; tables that know neither are written whole.
        only: names like `gold.customer`; empty exports all of silver and gold.

    Raises:
        WarehouseError: nothing is published, a table is unknown, or the destination refuses.
    """
    path = published(folder).resolve()
    timestamp = current_build_id(folder)
    assert timestamp is not None  # noqa: S101 -- `published` has seen to it
    is_remote = "://" in destination
    destination = destination.rstrip("/")
    with connect(path, CATALOG, read_only=True) as connection:
        known = [name for name in tables(connection, CATALOG) if name.startswith(EXPORTED_SCHEMAS)]
        unknown = sorted(set(only) - set(known))
        if unknown:
            raise WarehouseError(
                f"There is no table {', '.join(unknown)} to export. Choose from: "
                f"{', '.join(known)}."
            )
        if is_remote:
            _open_object_storage(connection)
        staging = Path(destination).absolute() / f".export_{timestamp}.part"
        target = destination if is_remote else str(staging)
        try:
            if not is_remote:
                shutil.rmtree(staging, ignore_errors=True)
                staging.mkdir(parents=True)
            entries = [
                _write_table(connection, name, timestamp, target, partition_by)
                for name in only or known
            ]
            if not is_remote:
                _publish_folder(staging, Path(destination).absolute(), entries)
            manifest = f"manifest_{timestamp}.json"
            connection.execute(
                f"copy (select $build_id as build_id, $exported_at as exported_at, "
                f"from_json($tables::json, {_literal(MANIFEST_TYPE)}) as tables) "
                f"to {_literal(f'{target}/{manifest}')} (format json)",
                {
                    "build_id": timestamp,
                    "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
                    "tables": json.dumps(entries),
                },
            )
            if not is_remote:
                (staging / manifest).replace(Path(destination).absolute() / manifest)
        except (OSError, duckdb.Error) as error:
            reason = str(error).splitlines()[0]
            raise WarehouseError(f"The export to {destination} failed: {reason}") from error
        finally:
            if not is_remote:
                shutil.rmtree(staging, ignore_errors=True)
    return Exported(
        manifest=f"{destination}/{manifest}",
        tables=len(entries),
        rows=sum(entry["rows"] for entry in entries),
        bytes=sum(file["bytes"] for entry in entries for file in entry["files"]),
    )
