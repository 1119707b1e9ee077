"""The stages in which dbt builds the candidate: all of it in DuckDB, or most of it in Spark."""

import importlib.util
import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from common.durable import write_durably
from warehouse.runner.build_environment import dbt_environment, project_fingerprint
from warehouse.runner.dbt_process import DBT, DbtRun, Finished, NodeEvent
from warehouse.runner.encryption import ATTACH_VARIABLE, encryption_key
from warehouse.runner.errors import PublishBlockedError, WarehouseError
from warehouse.runner.folder import PROJECT_ROOT, DataFolder
from warehouse.runner.run import Run, remove_candidate

FAILURES_SHOWN = 10


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
            f"dbt ended with {finished.ending()}; nothing is published. It said:\n"
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


def build_in_spark(run: Run) -> None:
    """Let Spark build everything but what serves and the run log, as Parquet.

    Raises:
        WarehouseError: Spark cannot run here, or cannot read what is encrypted.
        PublishBlockedError: a model failed.
    """
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
    dbt = _follow(run, target, ("-m", "warehouse.runner.spark_run"))
    with run.stage("spark") as outcome:
        run.display.detail("Spark starts")
        shutil.rmtree(run.folder.spark, ignore_errors=True)
        finished = dbt.run(arguments, environment, run.lock)
        outcome["peak_memory_bytes"] = finished.peak_memory_bytes
        if finished.exit_code != 0:
            raise _dbt_failure(dbt, finished, run.folder)
        outcome["rows"] = sum(dbt.rows.values()) or None
        outcome["text"] = f"{dbt.total} models and seeds built"


def build_candidate(run: Run) -> None:
    """Let dbt build and test the whole project in the candidate file.

    Raises:
        PublishBlockedError: a model, or a test of stopping severity, failed.
        WarehouseError: dbt ended otherwise.
    """
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
