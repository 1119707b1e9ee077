"""Writes small bronze folders, in the form that extraction leaves them, for tests of silver."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

Value: TypeAlias = str | bool | int | float | date | datetime | None
Record: TypeAlias = Mapping[str, Value]

SOURCE_SYSTEM = "salesforce:test"


def table_of(records: Sequence[Record], extracted_at: datetime, batch_id: str) -> pa.Table:
    """Return records as bronze stores them: types follow the Python values, all-null is text."""
    names = list(dict.fromkeys(name for record in records for name in record))
    columns: dict[str, pa.Array] = {}
    for name in names:
        column = pa.array([record.get(name) for record in records])
        if pa.types.is_null(column.type):
            column = column.cast(pa.string())
        elif pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", tz="UTC"))
        columns[name] = column
    count = len(records)
    columns["_extracted_at"] = pa.array([extracted_at] * count, pa.timestamp("us", tz="UTC"))
    columns["_source_system"] = pa.array([SOURCE_SYSTEM] * count, pa.string())
    columns["_batch_id"] = pa.array([batch_id] * count, pa.string())
    return pa.table(columns)


def write_extraction(
    data: Path, moment: datetime, objects: Mapping[str, Sequence[Record]], status: str = "complete"
) -> None:
    """Add one extraction of some objects, all rows at one moment, to the bronze of a data folder.

    `objects` maps an object of the org to its records, by the org's field names.
    """
    bronze = data / "bronze"
    path = bronze / "manifest.json"
    manifest = (
        json.loads(path.read_text(encoding="utf-8"))
        if path.exists()
        else {"version": 1, "source_system": SOURCE_SYSTEM, "objects": {}, "runs": []}
    )
    moment = moment.replace(tzinfo=UTC)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    batch_id = f"batch-{moment:%Y%m%dT%H%M%S}"
    for name, records in objects.items():
        file = f"{name.lower()}/bronze_{name.lower()}_{moment:%Y%m%dT%H%M%S}000000000Z.parquet"
        (bronze / file).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table_of(records, moment, batch_id), bronze / file, compression="snappy")
        entry = manifest["objects"].setdefault(name, {"status": status, "schema": [], "files": []})
        entry["status"] = status
        entry["watermark"] = text
        entry["files"].append(
            {
                "path": file,
                "rows": len(records),
                "rows_deleted": 0,
                "bytes": (bronze / file).stat().st_size,
                "batch_id": batch_id,
                "extracted_at": text,
                "mode": "incremental" if entry["files"] else "full",
            }
        )
    manifest["runs"].append(
        {
            "batch_id": batch_id,
            "mode": "full",
            "status": status,
            "started_at": text,
            "finished_at": text,
            "objects": [],
        }
    )
    path.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
