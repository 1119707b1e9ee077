"""Records that are gone from the org without a trace in its queries.

Soft-deleted rows come through queryAll like any change, merged accounts with the MasterRecordId
of their survivor. Purged ones do not: recent ones are listed by the org's `deleted` resource, the
rest is found by comparing ids. Each becomes a tombstone in bronze: a row with Id, IsDeleted = true
and nothing else. A row that bronze knows as deleted gets none, so its MasterRecordId stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import requests
from simple_salesforce.exceptions import SalesforceError

from extract.client import Client, translate
from extract.manifest import Bronze, parse_iso
from extract.parquet_file import scan, scratch_database
from extract.schema import ObjectSchema

BATCH_ROWS = 100_000


def _column_names(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> set[str]:
    rows = connection.execute(f"describe select * from {scan(files)}").fetchall()
    return {str(row[0]) for row in rows}


def _live_ids(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> str:
    """SQL of the ids whose newest version is not deleted."""
    if not files:
        return "select '' as Id limit 0"
    if "IsDeleted" not in _column_names(connection, files):
        return f"select distinct Id from {scan(files)}"
    return f"""
        select Id
        from {scan(files)}
        group by Id
        having not arg_max(coalesce(IsDeleted, false), _extracted_at)
    """


def differences(
    bronze: Bronze,
    *,
    earlier: Sequence[Path],
    read: Sequence[Path],
    snapshot: Sequence[Path] | None,
) -> tuple[list[str], int]:
    """Compare bronze (`earlier` files) with the org.

    `read` are the files of this extraction; `snapshot` holds all ids of the org, taken before it,
    or is None when this extraction was a full one. Returns the ids that are gone from the org,
    and how many live ids of the snapshot bronze does not hold.
    """
    if not earlier:
        return [], 0
    with scratch_database(bronze) as connection:
        connection.execute(f"create temp table live as {_live_ids(connection, earlier)}")
        seen = f"select Id from {scan(read)}" if read else "select '' as Id limit 0"
        connection.execute(f"create temp table seen as {seen}")
        present = _live_ids(connection, snapshot) if snapshot is not None else "from seen limit 0"
        connection.execute(f"create temp table present as {present}")
        gone = connection.execute(
            "from live anti join seen using (Id) anti join present using (Id)"
        ).fetchall()
        missing = connection.execute(
            "select count(*) from present anti join live using (Id) anti join seen using (Id)"
        ).fetchone()
    return [row[0] for row in gone], int(missing[0]) if missing else 0


def recently_deleted(
    client: Client, object_name: str, since: datetime, until: datetime
) -> dict[str, datetime] | None:
    """When the org deleted which ids in a time span; None when it does not keep the list.

    Raises ExtractionError for any other refusal.
    """
    path = f"sobjects/{object_name}/deleted/"
    parameters = {
        "start": since.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "end": until.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
    }
    try:
        answer: dict[str, Any] = client.salesforce.restful(path, params=parameters) or {}
    except SalesforceError as error:
        if error.status in (requests.codes.bad_request, requests.codes.not_found):
            # Not replicated, or the span reaches back further than the org keeps (15 to 30 days).
            return None
        raise translate(error, object_name) from error
    return {
        str(record["id"]): parse_iso(str(record["deletedDate"]))
        for record in answer.get("deletedRecords", ())
    }


def still_live(
    bronze: Bronze, files: Sequence[Path], deleted: Mapping[str, datetime], cursor: str | None
) -> list[str]:
    """Which of the deleted ids bronze holds as live, in a version from before the delete.

    A version from after it means that the record was restored.
    """
    if not deleted or not files or cursor is None:
        return []
    with scratch_database(bronze) as connection:
        connection.register(
            "deleted",
            pa.table(
                {
                    "Id": list(deleted),
                    "deleted_at": pa.array(deleted.values(), pa.timestamp("us", tz="UTC")),
                }
            ),
        )
        rows = connection.execute(
            f"""
            select Id
            from ({_live_ids(connection, files)})
            join deleted using (Id)
            join (select Id, max({cursor}) as version from {scan(files)} group by Id) using (Id)
            where version <= deleted_at
            """
        ).fetchall()
    return [row[0] for row in rows]


def tombstones(schema: ObjectSchema, ids: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Batches of rows that say that these records are gone."""
    types = schema.arrow_types
    types.setdefault("IsDeleted", pa.bool_())
    for start in range(0, len(ids), BATCH_ROWS):
        part = list(ids[start : start + BATCH_ROWS])
        columns = {name: pa.nulls(len(part), kind) for name, kind in types.items()}
        columns["Id"] = pa.array(part, pa.string())
        columns["IsDeleted"] = pa.array([True] * len(part))
        yield pa.RecordBatch.from_pydict(columns)
