"""MeltanoLabs' tap-salesforce into one Parquet file. Usage: run_tap.py <settings.json> <api_type>.

The tap knows only Salesforce's own hosts, so its login address is replaced; the rows that it
writes as JSON lines are collected into Parquet as a target would.
"""

import importlib
import json
import signal
import sys
from pathlib import Path
from typing import Any

pa = importlib.import_module("pyarrow")
pq = importlib.import_module("pyarrow.parquet")
BATCH_ROWS = 20_000


class ParquetTarget:
    """Stands in for standard output: takes the tap's messages and writes the records."""

    def __init__(self, path: Path, types: dict[str, str]) -> None:
        """Write to `path`, columns of the given JSON types."""
        kinds = {"boolean": pa.bool_(), "integer": pa.int64(), "number": pa.float64()}
        self.rows: list[dict[str, Any]] = []
        self.schema = pa.schema(
            [(name, kinds.get(kind, pa.string())) for name, kind in types.items()]
        )
        self.writer = pq.ParquetWriter(path, self.schema, compression="snappy")

    def write(self, text: str) -> int:
        """Take one message."""
        if text.strip():
            message = json.loads(text)
            if message["type"] == "RECORD":
                self.rows.append(message["record"])
        if len(self.rows) >= BATCH_ROWS:
            self.flush_rows()
        return len(text)

    def flush(self) -> None:
        """Nothing is held back but whole batches."""

    def flush_rows(self) -> None:
        """Write the batch."""
        if not self.rows:
            return
        table = pa.Table.from_pylist(self.rows, schema=self.schema)
        self.rows = []
        self.writer.write_table(table)


def main() -> None:
    """Run the tap in this process."""
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    credentials = importlib.import_module("tap_salesforce.salesforce.credentials")
    tap = importlib.import_module("tap_salesforce")
    login = settings["login_url"] + "/services/oauth2/token"
    credentials.SalesforceAuthOAuth._login_url = property(lambda _: login)  # noqa: SLF001
    types = {"boolean": "boolean", "int": "integer"}
    types |= dict.fromkeys(("currency", "double", "percent"), "number")
    fields = [item for item in settings["fields"] if item["type"] not in ("address", "base64")]
    columns = {item["name"]: types.get(item["type"], "string") for item in fields}
    folder = Path(settings["output"])
    catalog = {
        "streams": [
            {
                "stream": settings["object"],
                "tap_stream_id": settings["object"],
                "key_properties": ["Id"],
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        name: {"type": ["null", kind]} for name, kind in columns.items()
                    },
                },
                "metadata": [
                    {
                        "breadcrumb": [],
                        "metadata": {
                            "selected": True,
                            "table-key-properties": ["Id"],
                            "replication-method": "INCREMENTAL",
                            "replication-key": "SystemModstamp",
                        },
                    },
                    *(
                        {
                            "breadcrumb": ["properties", item["name"]],
                            "metadata": {"selected": True, "inclusion": "available"},
                        }
                        for item in fields
                    ),
                ],
            }
        ]
    }
    (folder / "catalog.json").write_text(json.dumps(catalog), encoding="utf-8")
    configuration = {
        "client_id": settings["client_id"],
        "client_secret": settings["client_secret"],
        "refresh_token": settings["refresh_token"],
        "api_type": sys.argv[2],
        "select_fields_by_default": True,
        "start_date": "1999-01-01T00:00:00Z",
    }
    (folder / "config.json").write_text(json.dumps(configuration), encoding="utf-8")
    sys.argv = ["tap-salesforce", "--config", str(folder / "config.json")]
    sys.argv += ["--catalog", str(folder / "catalog.json")]
    target = ParquetTarget(folder / "rows.parquet", columns)
    # Told to stop, it keeps what has arrived.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    real_output, sys.stdout = sys.stdout, target
    try:
        tap.main()
    finally:
        sys.stdout = real_output
        target.flush_rows()
        target.writer.close()


if __name__ == "__main__":
    main()
