"""The run log: what each run did, one JSON file per run and ops table, failed runs included.

The ops models of the dbt project read these files, so a published warehouse carries the history of
the runs before it, and a run that failed leaves its traces although its warehouse was not
published.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.durable import write_durably
from warehouse.runner.folder import DataFolder

Row = Mapping[str, Any]

# The two small tables reach back a year of nightly runs and more, the detailed ones a month.
KEPT_RUNS = {
    "pipeline_run": 400,
    "stage_run": 400,
    "model_run": 30,
    "test_result": 30,
    "table_profile": 30,
}


@dataclass(frozen=True)
class RunLog:
    """Reads and writes the run log of one data folder."""

    folder: DataFolder

    def path(self, table: str, build_id: str) -> Path:
        """Return the file that holds one run's rows of one ops table."""
        return self.folder.runs / table / f"{build_id}.json"

    def write(self, table: str, build_id: str, rows: Sequence[Row]) -> None:
        """Record the rows of one ops table for one run, replacing what it recorded before."""
        text = json.dumps([{"build_id": build_id, **row} for row in rows], default=str)
        write_durably(self.path(table, build_id), text)

    def read(self, table: str, build_id: str) -> list[dict[str, Any]]:
        """Return what one run recorded for one ops table; empty if it recorded nothing."""
        path = self.path(table, build_id)
        if not path.exists():
            return []
        rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return rows

    def build_ids(self) -> list[str]:
        """Return the ids of all recorded runs, oldest first."""
        return sorted(path.stem for path in (self.folder.runs / "pipeline_run").glob("*.json"))

    def pipeline_run(self, build_id: str) -> dict[str, Any]:
        """Return a run's own row; empty if the run is not on record."""
        rows = self.read("pipeline_run", build_id)
        return rows[0] if rows else {}

    def close_dead_runs(self) -> list[str]:
        """Mark runs that are recorded as running as died, and return their ids.

        To be called with the run lock held: then no other run can be alive.
        """
        dead = []
        for build_id in self.build_ids():
            run = self.pipeline_run(build_id)
            if run.get("status") == "running":
                run |= {
                    "status": "died",
                    "message": "The run ended without a word: killed, or out of memory or power.",
                }
                self.write("pipeline_run", build_id, [run])
                dead.append(build_id)
        return dead

    def prune(self) -> None:
        """Delete the records of runs that are older than what each table keeps."""
        for table, kept in KEPT_RUNS.items():
            for path in sorted((self.folder.runs / table).glob("*.json"))[:-kept]:
                path.unlink()
