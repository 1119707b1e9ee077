"""One run: extract (on request), build, audit, record, publish. Nothing counts until the end."""

import errno
import importlib.metadata
import importlib.util
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from warehouse.runner import audit, bronze, changes
from warehouse.runner.dbt_process import run_child
from warehouse.runner.dbt_stage import build_candidate, build_in_spark
from warehouse.runner.display import Display
from warehouse.runner.encryption import attach, connect, encryption_key
from warehouse.runner.errors import PublishBlockedError, WarehouseError
from warehouse.runner.export import export
from warehouse.runner.folder import DataFolder
from warehouse.runner.lock import run_lock
from warehouse.runner.publish import current_build_id, prune, publish
from warehouse.runner.run import Options, Run, new_build_id, now, remove_candidate
from warehouse.runner.run_log import KEPT_RUNS, RunLog

CATALOG = "candidate"


def _extract(run: Run) -> None:
    """Run the extraction as its own command; it alone knows Salesforce."""
    last_lines: list[str] = []

    def on_line(line: str) -> None:
        if line.strip():
            last_lines[:] = [*last_lines[-7:], line]
            run.display.detail(line)

    with run.stage("extract") as outcome:
        full = ["--full"] if run.options.full_extract else []
        environment = os.environ | {
            "CUSTOMER360_DATA": str(run.folder.root),
            "PYTHONUNBUFFERED": "1",
        }
        finished = run_child(["-m", "extract", *full], environment, run.lock, on_line)
        outcome["peak_memory_bytes"] = finished.peak_memory_bytes
        if finished.exit_code != 0:
            raise WarehouseError(
                f"The extraction ended with {finished.ending()}; nothing is built. It said:\n"
                + "\n".join(f"  {line}" for line in last_lines)
            )
        manifest = bronze.read_manifest(run.folder)
        newest = manifest["runs"][-1] if manifest.get("runs") else {"objects": []}
        outcome["rows"] = sum(entry["rows"] + entry["rows_deleted"] for entry in newest["objects"])
        outcome["text"] = f"{outcome['rows']:,} rows"


def _audit(run: Run) -> dict[str, Any]:
    """Profile the candidate, compare it with the published build, and block a loss."""
    comparison: dict[str, Any] = {}
    previous = run.folder.current.resolve() if run.previous else None
    with run.stage("audit") as outcome, _candidate(run) as connection:
        audit.check_required_tables(connection, CATALOG)
        profiled = audit.profile(connection, CATALOG)
        run.log.write("table_profile", run.build_id, profiled)
        rows_now = audit.row_counts(profiled)
        run.record |= changes.totals(connection, CATALOG)
        run.record["as_of"] = _as_of(connection)
        if previous:
            attach(connection, previous, "previous", read_only=True)
            rows_before = {
                name: connection.execute(f"select count(*) from previous.{name}").fetchall()[0][0]
                for name in audit.tables(connection, "previous")
                if name.startswith(("silver.", "gold."))
            }
            comparison = changes.compare(connection, CATALOG)
            comparison["rows"] = {
                name: {"before": rows_before.get(name), "now": rows_now.get(name)}
                for name in sorted(rows_before | rows_now)
                if rows_before.get(name) != rows_now.get(name)
            }
            if not run.options.accept_drops:
                audit.check_drops(connection, CATALOG, rows_now, rows_before, run.options.limits)
        outcome["rows"] = sum(rows_now.values())
        outcome["text"] = f"{len(rows_now)} tables, {outcome['rows']:,} rows"
    return comparison


def _candidate(run: Run) -> duckdb.DuckDBPyConnection:
    return connect(run.folder.candidate, CATALOG, read_only=False)


def _as_of(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the day that the candidate scores, None where its metrics do not say."""
    if "as_of" not in dict(audit.tables(connection, CATALOG).get("gold.customer_360_current", [])):
        return None
    row = connection.execute(
        "select max(as_of)::varchar from gold.customer_360_current"
    ).fetchall()[0]
    return None if row[0] is None else str(row[0])


def _record(run: Run) -> None:
    """Add this run to the ops tables, which dbt built from the runs before it; seal the file."""
    with run.stage("record") as outcome:
        # What the file says of itself is true from the moment anyone can see it.
        run.record |= {"status": "published", "published_at": now(), "seconds": run.seconds()}
        run.write_log()
        with _candidate(run) as connection:
            columns = audit.tables(connection, CATALOG)
            for table in KEPT_RUNS:
                path = run.log.path(table, run.build_id)
                types = dict(columns[f"ops.{table}"])
                connection.execute(f"delete from ops.{table} where build_id = ?", [run.build_id])
                connection.execute(
                    f"insert into ops.{table} by name "
                    "select * from read_json($path, format = 'array', columns = $types)",
                    {"path": str(path), "types": types},
                )
            audit.remove_unpublished(connection, CATALOG)
            connection.execute("force checkpoint")
        with connect(run.folder.candidate, "reader", read_only=True) as connection:
            audit.check_views(connection, "reader")
        outcome["text"] = "run log and test results"


def _publish(run: Run) -> Path:
    with run.stage("publish") as outcome:
        path = publish(run.folder, run.build_id)
        pruned = prune(run.folder, run.options.keep)
        size = path.stat().st_size
        run.record["warehouse_bytes"] = size
        gone = f", {len(pruned.build_ids)} old build deleted" if pruned.build_ids else ""
        outcome["text"] = f"{size / 1e6:,.0f} MB{gone}"
    return path


def _export(run: Run, destination: str) -> None:
    with run.stage("export") as outcome:
        done = export(run.folder, destination, run.options.partition_by)
        outcome["rows"] = done.rows
        outcome["text"] = f"{done.tables} tables, {done.bytes / 1e6:,.1f} MB: {done.manifest}"


def _explain(error: BaseException, folder: DataFolder) -> WarehouseError:
    """Return an expected failure of the machine in words; free the disk when it is full."""
    text = str(error)
    is_full = (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)) or (
        "No space left on device" in text
    )
    if is_full:
        size = folder.candidate.stat().st_size if folder.candidate.exists() else 0
        remove_candidate(folder)
        free = shutil.disk_usage(folder.warehouse).free
        return WarehouseError(
            f"The disk of {folder.warehouse} is full: the candidate had grown to "
            f"{size / 1e6:,.0f} MB and has been deleted, {free / 1e6:,.0f} MB are free now. Make "
            "room, for example with `python -m warehouse prune --keep 1`, and run again."
        )
    return WarehouseError(f"The run failed and nothing was published: {text}")


def run_pipeline(
    folder: DataFolder, options: Options, display: Display, command: str
) -> dict[str, Any]:
    """Run the pipeline and return its summary.

    Returns:
        The run's row in ops.pipeline_run, with `path` (the published file), `stages` (rows of
        ops.stage_run) and `changes` (see `changes.compare`; empty on the first publish).

    Raises:
        LockedError: another run is at work.
        PublishBlockedError: the data must not be published.
        WarehouseError: the run failed otherwise. In every case the published build is untouched.
    """
    encryption_key()
    with run_lock(folder.lock, command) as lock:
        try:
            return _run_locked(folder, options, display, command, lock)
        except (OSError, duckdb.Error) as error:
            raise _explain(error, folder) from error


def _run_locked(
    folder: DataFolder, options: Options, display: Display, command: str, lock: int
) -> dict[str, Any]:
    log = RunLog(folder)
    log.close_dead_runs()
    previous = current_build_id(folder)
    build_id = new_build_id()
    record: dict[str, Any] = {
        "command": command,
        "status": "running",
        "started_at": now(),
        "published_at": None,
        "seconds": None,
        "as_of": None,
        "previous_build_id": previous,
        "message": None,
        "customers": None,
        "alerts": None,
        "recommendations": None,
        "warehouse_bytes": None,
        "dbt_version": importlib.metadata.version("dbt-core"),
        "duckdb_version": importlib.metadata.version("duckdb"),
    }
    run = Run(folder, options, display, lock, build_id, previous, log, record)
    run.write_log()
    try:
        path, comparison = _run_stages(run)
    except BaseException as error:
        failure = error if isinstance(error, WarehouseError) else _explain(error, folder)
        blocked = isinstance(failure, PublishBlockedError)
        interrupted = isinstance(error, KeyboardInterrupt)
        record |= {
            "seconds": run.seconds(),
            "message": "Interrupted" if interrupted else str(failure),
        }
        # A failed export does not undo what was published before it.
        if current_build_id(folder) != build_id:
            record |= {
                "status": "interrupted" if interrupted else "blocked" if blocked else "failed",
                "published_at": None,
            }
        # Where the disk is so full that the failure cannot be recorded, it is still told; the next
        # run then records this one as died.
        with suppress(OSError):
            run.write_log()
        if isinstance(error, OSError | duckdb.Error):
            raise failure from error
        raise
    record["seconds"] = run.seconds()
    run.write_log()
    log.prune()
    return {
        "build_id": build_id,
        **record,
        "path": str(path),
        "stages": run.stages,
        "changes": comparison,
        "previous_seconds": log.pipeline_run(previous).get("seconds") if previous else None,
    }


def _run_stages(run: Run) -> tuple[Path, dict[str, Any]]:
    if run.options.extract:
        _extract(run)
    bronze.read_manifest(run.folder)
    if run.options.target == "spark":
        build_in_spark(run)
    build_candidate(run)
    comparison = _audit(run)
    _record(run)
    path = _publish(run)
    if run.options.export_to:
        _export(run, run.options.export_to)
    return path, comparison
