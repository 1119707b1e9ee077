"""One run: extract (on request), build, audit, record, publish. Nothing counts until the end."""

import errno
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse import audit, bronze, changes
from warehouse.build_environment import dbt_environment, project_fingerprint
from warehouse.dbt_process import DBT, DbtRun, Finished, NodeEvent, run_child
from warehouse.display import Display, duration
from warehouse.encryption import ATTACH_VARIABLE, attach, connect, encryption_key
from warehouse.errors import PublishBlockedError, WarehouseError
from warehouse.export import export
from warehouse.folder import PROJECT_ROOT, DataFolder
from warehouse.lock import run_lock
from warehouse.publish import KEPT_BUILDS, current_build_id, prune, publish
from warehouse.run_log import KEPT_RUNS, RunLog, write_durably

CATALOG = "candidate"
FAILURES_SHOWN = 10


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
            "started_at": _now(),
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
            row["finished_at"] = _now()
            row |= {key: outcome[key] for key in ("rows", "peak_memory_bytes") if key in outcome}
        self.display.finish(row["seconds"], outcome.get("text", ""))

    def write_log(self) -> None:
        """Write the run's own rows."""
        self.log.write("pipeline_run", self.build_id, [self.record])
        self.log.write("stage_run", self.build_id, self.stages)


def _now() -> str:
    """Return the time in UTC, as ISO 8601 without an offset, as the ops tables hold it."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def _new_build_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"[:-3] + "Z"


def remove_candidate(folder: DataFolder) -> None:
    """Delete the candidate of an earlier run with all that belongs to it."""
    for path in (folder.candidate, *folder.warehouse.glob(f"{folder.candidate.name}.*")):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


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
                f"The extraction ended with {_ending(finished)}; nothing is built. It said:\n"
                + "\n".join(f"  {line}" for line in last_lines)
            )
        manifest = bronze.read_manifest(run.folder)
        newest = manifest["runs"][-1] if manifest.get("runs") else {"objects": []}
        outcome["rows"] = sum(entry["rows"] + entry["rows_deleted"] for entry in newest["objects"])
        outcome["text"] = f"{outcome['rows']:,} rows"


def _ending(finished: Finished) -> str:
    if finished.exit_code == -9:
        return "signal 9 (killed, most likely because memory ran out)"
    if finished.exit_code < 0:
        return f"signal {-finished.exit_code}"
    return f"exit code {finished.exit_code}"


def _dbt_failure(dbt: DbtRun, finished: Finished, folder: DataFolder) -> WarehouseError:
    """Return the error that says which models and tests failed and where to look."""
    started_nodes = dbt.total > 0
    failed = []
    if started_nodes and finished.exit_code == 1:
        failed = [
            result
            for result in dbt.results()
            if result["status"] in ("error", "fail", "runtime error")
        ]
    if not failed:
        said = [*dbt.errors[-3:], *([] if dbt.errors else dbt.tail)]
        return WarehouseError(
            f"dbt ended with {_ending(finished)}; nothing is published. It said:\n"
            + "\n".join(f"  {line}" for line in said)
            + f"\nIts log is {folder.dbt / 'logs' / 'dbt.log'}."
        )
    lines = []
    for result in failed[:FAILURES_SHOWN]:
        message = re.sub(r"\s*\n\s*", " ", result["message"] or result["status"]).strip()
        kind, _, name = result["unique_id"].partition(".")
        lines.append(f"  {kind} {name.split('.')[1]}: {message[:400]}")
        if result["node"].get("compiled_path"):
            lines.append(f"    SQL: {PROJECT_ROOT / result['node']['compiled_path']}")
    more = len(failed) - FAILURES_SHOWN
    lines += [f"  and {more} more"] if more > 0 else []
    return PublishBlockedError(
        f"{len(failed)} of {dbt.total} models and tests failed, so nothing is published and the "
        f"published warehouse stays:\n"
        + "\n".join(lines)
        + f"\nLook at the rows: duckdb -readonly {folder.candidate}"
    )


def _published_environment(run: Run) -> dict[str, str]:
    """Return the variables that tell dbt where the published build is, whose history is kept."""
    published = str(run.folder.current.resolve()) if run.previous else ""
    name = ATTACH_VARIABLE if encryption_key() else "CUSTOMER360_PUBLISHED_FILE"
    return {name: published}


def _follow(run: Run, target: Path, program: Sequence[str] = DBT) -> DbtRun:
    """Return a dbt command whose models and tests the display counts."""
    finished_nodes = 0

    def on_node(event: NodeEvent) -> None:
        nonlocal finished_nodes
        finished_nodes += event.is_finished
        run.display.node(event, finished_nodes, dbt.total)

    dbt = DbtRun(target, on_node, program)
    return dbt


def _variables(run: Run) -> list[str]:
    if not run.options.as_of:
        return []
    return ["--vars", json.dumps({"as_of": run.options.as_of.isoformat()})]


def _spark(run: Run) -> None:
    """Let Spark build everything but what serves and the run log, as Parquet."""
    if encryption_key():
        raise WarehouseError(
            "Spark can neither read nor write encrypted files, and CUSTOMER360_ENCRYPTION_KEY is "
            "set: build with `--target duckdb`."
        )
    if importlib.util.find_spec("pyspark") is None:
        raise WarehouseError(
            "Spark is not installed: `make pipeline TARGET=spark` installs it, or "
            "`.venv/bin/pip install --require-hashes --requirement requirements-spark.lock`."
        )
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        raise WarehouseError(
            "Spark needs Java 17 or newer: install openjdk-17-jre-headless, or set JAVA_HOME."
        )
    target = run.folder.dbt / "spark"
    environment = dbt_environment(run.folder, run.folder.candidate) | {
        "CUSTOMER360_SPARK_TABLES": str(run.folder.spark),
        "DBT_TARGET_PATH": str(target),
    }
    arguments = ["build", "--target", "spark", "--resource-type", "model"]
    arguments += ["--resource-type", "seed", "--exclude", "serving", "ops", *_variables(run)]
    dbt = _follow(run, target, ("-m", "warehouse.spark_run"))
    with run.stage("spark") as outcome:
        run.display.detail("Spark starts")
        shutil.rmtree(run.folder.spark, ignore_errors=True)
        finished = dbt.run(arguments, environment, run.lock)
        outcome["peak_memory_bytes"] = finished.peak_memory_bytes
        if finished.exit_code != 0:
            raise _dbt_failure(dbt, finished, run.folder)
        outcome["rows"] = sum(dbt.rows.values()) or None
        outcome["text"] = f"{dbt.total} models and seeds built"


def _build(run: Run) -> None:
    """Let dbt build and test the whole project in the candidate file."""
    environment = dbt_environment(run.folder, run.folder.candidate)
    if run.options.target == "spark":
        environment["CUSTOMER360_SPARK_TABLES"] = str(run.folder.spark)
    passed = run.folder.dbt / "unit_tests_passed"
    project = project_fingerprint(Path(environment["DBT_PROJECT_DIR"]))
    # Unit tests know nothing of the data: what has passed once need not be asked every night.
    is_known = passed.exists() and passed.read_text(encoding="utf-8") == project
    arguments = ["build", *_variables(run)]
    arguments += ["--exclude-resource-type", "unit_test"] if is_known else []
    dbt = _follow(run, run.folder.dbt / "target")
    with run.stage("build") as outcome:
        run.display.detail("dbt reads the project")
        remove_candidate(run.folder)
        finished = dbt.run(arguments, environment | _published_environment(run), run.lock)
        outcome["peak_memory_bytes"] = finished.peak_memory_bytes
        if dbt.total and finished.exit_code in (0, 1):
            results = dbt.results()
            run.log.write("model_run", run.build_id, _model_rows(results, dbt.rows))
            run.log.write("test_result", run.build_id, _test_rows(results))
        if finished.exit_code != 0:
            raise _dbt_failure(dbt, finished, run.folder)
        if not run.folder.candidate.exists():
            raise WarehouseError("dbt built nothing: the project has no models.")
        write_durably(passed, project)
        outcome["rows"] = sum(dbt.rows.values()) or None
        outcome["text"] = f"{dbt.total} models and tests passed"


def _timing(result: dict[str, Any]) -> dict[str, Any]:
    """Return when a node ran; dbt writes the times with a trailing Z, the ops tables without."""
    execution: dict[str, str] = next((t for t in result["timing"] if t["name"] == "execute"), {})
    started = execution.get("started_at")
    return {
        "started_at": started.rstrip("Z") if started else None,
        "seconds": round(result["execution_time"], 3),
    }


def _model_rows(results: list[dict[str, Any]], rows: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "unique_id": result["unique_id"],
            "resource_type": result["node"]["resource_type"],
            "model_name": result["node"]["name"],
            "schema_name": result["node"]["schema"],
            "table_name": result["node"]["alias"],
            "materialization": result["node"]["config"]["materialized"],
            "status": result["status"],
            **_timing(result),
            "rows": rows.get(result["unique_id"]),
            "message": result["message"] if result["status"] == "error" else None,
        }
        for result in results
        if result["node"].get("resource_type") in ("model", "seed", "snapshot")
    ]


def _test_rows(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for result in results:
        node = result["node"]
        if node.get("resource_type") not in ("test", "unit_test"):
            continue
        is_unit = node["resource_type"] == "unit_test"
        tested = node.get("attached_node") or next(
            iter(node.get("depends_on", {}).get("nodes", [])), None
        )
        rows.append(
            {
                "unique_id": result["unique_id"],
                "test_name": node["name"],
                "test_type": "unit" if is_unit else "data",
                "model_name": tested.split(".")[2] if tested else None,
                "column_name": node.get("column_name"),
                "severity": "error" if is_unit else str(node["config"]["severity"]).lower(),
                "status": result["status"],
                "failures": result["failures"],
                **_timing(result),
                "message": result["message"],
            }
        )
    return rows


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
        run.record |= {"status": "published", "published_at": _now(), "seconds": run.seconds()}
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
    build_id = _new_build_id()
    record: dict[str, Any] = {
        "command": command,
        "status": "running",
        "started_at": _now(),
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
        _spark(run)
    _build(run)
    comparison = _audit(run)
    _record(run)
    path = _publish(run)
    if run.options.export_to:
        _export(run, run.options.export_to)
    return path, comparison


def report(summary: dict[str, Any]) -> str:
    """Return the last page of a run: where the warehouse is, what it holds, what changed."""
    lines = [
        f"Published {summary['path']}",
        f"  {summary['customers']:,} customers, {summary['alerts']:,} alerts, "
        f"{summary['recommendations']:,} recommendations"
        + (f", as of {summary['as_of']}" if summary["as_of"] else ""),
    ]
    before = summary["previous_seconds"]
    lines += [
        f"  {duration(summary['seconds'])}" + (f"; last time {duration(before)}" if before else ""),
        "  " + ", ".join(f"{r['stage']} {duration(r['seconds'])}" for r in summary["stages"]),
    ]
    changed = summary["changes"]
    if not changed:
        return "\n".join([*lines, "This is the first published build."])
    lines.append(f"Changed since {summary['previous_build_id']}:")
    for name in ("customers", "alerts", "recommendations"):
        new, gone = changed[name]["new"], changed[name]["gone"]
        words = ("opened", "closed") if name == "alerts" else ("new", "gone")
        lines.append(f"  {name}: {new:,} {words[0]}, {gone:,} {words[1]}")
    lines += [
        f"    {row['severity']}: {row['opened']:,} opened, {row['closed']:,} closed"
        for row in changed["alerts_by_severity"]
    ]
    for label, moves in changed["moves"].items():
        parts = [f"{move['customers']:,} {move['from']} -> {move['to']}" for move in moves]
        lines.append(f"  {label.replace('_', ' ')}: {', '.join(parts) or 'nobody moved'}")
    for name, row in changed["rows"].items():
        lines.append(f"  {name}: {_rows(row['before'])} -> {_rows(row['now'])} rows")
    return "\n".join(lines)


def _rows(count: int | None) -> str:
    return "no table" if count is None else f"{count:,}"
