"""What a run is asked to do, and its state: stages, times and the rows of the run log."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from warehouse.runner import audit
from warehouse.runner.display import Display
from warehouse.runner.folder import DataFolder
from warehouse.runner.publish import KEPT_BUILDS
from warehouse.runner.run_log import RunLog


@dataclass(frozen=True)
class Options:
    """What a run is asked to do."""

    extract: bool = False
    full_extract: bool = False
    as_of: date | None = None
    accept_drops: bool = False
    limits: audit.DropLimits = field(default_factory=lambda: audit.DropLimits(0.2, 0.2))
    keep: int = KEPT_BUILDS
    export_to: str | None = None
    partition_by: str | None = None
    target: str = "duckdb"


@dataclass
class Run:
    """The state of one run."""

    folder: DataFolder
    options: Options
    display: Display
    lock: int
    build_id: str
    previous: str | None
    log: RunLog
    record: dict[str, Any]
    stages: list[dict[str, Any]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        """Return how long the run has taken so far."""
        return round(time.monotonic() - self.started, 3)

    @contextmanager
    def stage(self, name: str) -> Iterator[dict[str, Any]]:
        """Time a stage, show it and keep its row; the body fills in `text` and measurements."""
        expected = None
        if self.previous:
            expected = next(
                (
                    row["seconds"]
                    for row in self.log.read("stage_run", self.previous)
                    if row["stage"] == name
                ),
                None,
            )
        row: dict[str, Any] = {
            "stage": name,
            "status": "running",
            "started_at": now(),
            "finished_at": None,
            "seconds": None,
            "rows": None,
            "peak_memory_bytes": None,
        }
        self.stages.append(row)
        self.display.start(name, expected)
        started = time.monotonic()
        outcome: dict[str, Any] = {}
        try:
            yield outcome
            row["status"] = "success"
        except BaseException:
            row["status"] = "failed"
            raise
        finally:
            row["seconds"] = round(time.monotonic() - started, 3)
            row["finished_at"] = now()
            row |= {key: outcome[key] for key in ("rows", "peak_memory_bytes") if key in outcome}
        self.display.finish(row["seconds"], outcome.get("text", ""))

    def write_log(self) -> None:
        """Write the run's own rows."""
        self.log.write("pipeline_run", self.build_id, [self.record])
        self.log.write("stage_run", self.build_id, self.stages)


def now() -> str:
    """Return the time in UTC, as ISO 8601 without an offset, as the ops tables hold it."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def new_build_id() -> str:
    """Return the time in UTC as the name of a build; names sort as the builds were made."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"[:-3] + "Z"


def remove_candidate(folder: DataFolder) -> None:
    """Delete the candidate of an earlier run with all that belongs to it."""
    for path in (folder.candidate, *folder.warehouse.glob(f"{folder.candidate.name}.*")):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
