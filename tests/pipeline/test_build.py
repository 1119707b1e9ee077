"""A build that passes is published whole; one that does not changes nothing for users."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import psutil
import pytest

from tests.pipeline.conftest import PROJECT, Pipeline
from warehouse.runner.audit import check_views
from warehouse.runner.encryption import connect
from warehouse.runner.errors import WarehouseError
from warehouse.runner.folder import PROJECT_ROOT
from warehouse.runner.publish import current_build_id

EXIT_FAILED, EXIT_BLOCKED, EXIT_LOCKED = 1, 3, 4


def test_publishes_a_relative_symlink_to_a_build(published_pipeline: Pipeline) -> None:
    current = published_pipeline.folder.current
    build_id = published_pipeline.last_run()["build_id"]
    assert re.fullmatch(r"\d{8}T\d{9}Z", build_id)
    assert current.readlink() == Path(f"builds/{build_id}.duckdb")
    assert published_pipeline.query("select count(*) from gold.customer") == [(500,)]
    assert not published_pipeline.folder.candidate.exists()


def test_publishes_no_bronze(published_pipeline: Pipeline) -> None:
    schemas = published_pipeline.query(
        "select distinct schema_name from duckdb_tables() order by all"
    )
    assert [name for (name,) in schemas] == ["gold", "ops", "silver"]
    assert published_pipeline.query(
        "select schema_name, view_name from duckdb_views() where not internal"
    ) == [("gold", "measure_evidence")]
    assert published_pipeline.query("select count(*) from gold.measure_evidence") == [(500,)]


def test_a_view_that_only_works_in_the_build_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "candidate.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create schema gold; create table gold.t as select 1 as a")
        connection.execute("create view gold.good as from gold.t")
    with connect(path, "reader", read_only=True) as connection:
        check_views(connection, "reader")
    with duckdb.connect(path) as connection:
        connection.execute("create view gold.bad as select * from candidate.gold.t")
    refused = pytest.raises(WarehouseError, match=r"view gold\.bad works only inside the build")
    with connect(path, "reader", read_only=True) as connection, refused:
        check_views(connection, "reader")


def test_ops_tables_tell_about_the_run(published_pipeline: Pipeline) -> None:
    build_id = current_build_id(published_pipeline.folder)
    query = published_pipeline.query
    assert query("select build_id, status, customers, alerts from ops.pipeline_run") == [
        (build_id, "published", 500, 95)
    ]
    assert query("select stage from ops.stage_run order by started_at") == [
        ("build",),
        ("audit",),
        ("record",),
    ]
    assert query("select rows from ops.model_run where model_name = 'silver_account'") == [(500,)]
    assert query(
        "select test_type, severity, status, count(*) from ops.test_result "
        "where model_name not like 'ops_%' group by all order by all"
    ) == [
        ("data", "error", "pass", 3),
        ("data", "warn", "pass", 1),
        ("unit", "error", "pass", 1),
    ]
    assert query("select object_name, rows, api_calls from ops.extraction_run") == [
        ("Account", 500, 3)
    ]
    assert query(
        "select row_count, null_count, min_value, max_value from ops.table_profile "
        "where table_name = 'account' and column_name = 'mrr_usd'"
    ) == [(500, 0, "1.00", "100.00")]


def test_yesterday_can_be_compared_in_the_published_file(pipeline: Pipeline) -> None:
    pipeline.land(520, mrr="case when i < 300 then 1 else 150 end")
    summary = pipeline.build()
    assert summary["status"] == "published"
    assert Path(summary["path"]).is_file()
    assert [row["stage"] for row in summary["stages"]] == ["build", "audit", "record", "publish"]
    assert all(row["status"] == "success" for row in summary["stages"])
    assert summary["stages"][0]["peak_memory_bytes"] > 50e6
    changes = summary["changes"]
    assert changes["customers"] == {"new": 20, "gone": 0}
    assert summary["alerts"] == 300
    assert changes["alerts"] == {"new": 243, "gone": 38}
    assert changes["alerts_by_severity"] == [{"severity": "HIGH", "opened": 243, "closed": 38}]
    assert changes["moves"]["health_category"] == [
        {"from": "Healthy", "to": "Critical", "customers": 243},
        {"from": "Critical", "to": "Healthy", "customers": 38},
    ]
    assert changes["rows"]["silver.account"] == {"before": 500, "now": 520}
    assert pipeline.query(
        "select row_count from ops.table_profile "
        "where table_name = 'customer' and column_name = 'customer_id' order by build_id"
    ) == [(500,), (520,)]


def test_unit_tests_run_once_for_each_state_of_the_project(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    def unit_tests(build_id: str) -> int:
        [(count,)] = pipeline.query(
            "select count(*) from ops.test_result "
            f"where test_type = 'unit' and build_id = '{build_id}'"
        )
        return int(count)

    assert unit_tests(pipeline.last_run()["build_id"]) == 1
    assert unit_tests(pipeline.build()["build_id"]) == 0
    changed = Pipeline(pipeline.root, tmp_path / PROJECT.relative_to(PROJECT_ROOT))
    shutil.copytree(PROJECT, changed.project)
    # The project names the warehouse's macros by a relative path.
    (tmp_path / "warehouse").symlink_to(PROJECT_ROOT / "warehouse")
    with (changed.project / "models" / "models.yml").open("a") as file:
        file.write("# A change.\n")
    assert unit_tests(changed.build()["build_id"]) == 1


def test_a_failing_test_blocks_and_the_next_run_recovers(pipeline: Pipeline) -> None:
    before = current_build_id(pipeline.folder)
    pipeline.land(500, name="case when i > 0 then 'n' end")
    completed = pipeline.run("build", "--accept-drops")
    assert completed.returncode == EXIT_BLOCKED
    assert "not_null_silver_account_account_name: Got 1 result" in completed.stderr
    assert "Traceback" not in completed.stderr
    sql = re.search(r"SQL: (.+)", completed.stderr)
    assert sql
    assert Path(sql[1]).is_file()
    assert current_build_id(pipeline.folder) == before
    assert pipeline.last_run()["status"] == "blocked"
    with duckdb.connect(pipeline.folder.candidate, read_only=True) as kept:
        assert kept.execute("select count(*) from silver.account").fetchall() == [(500,)]
    pipeline.land(501)
    pipeline.build()
    assert pipeline.query("select status from ops.pipeline_run order by build_id") == [
        ("published",),
        ("blocked",),
        ("published",),
    ]


def test_a_large_drop_blocks_until_accepted_and_a_warning_does_not_block(
    pipeline: Pipeline,
) -> None:
    before = current_build_id(pipeline.folder)
    pipeline.land(300, mrr="nullif(i, 0)")
    completed = pipeline.run("build", "--maximum-revenue-drop", "0.01")
    assert completed.returncode == EXIT_BLOCKED
    assert "silver.account fell from 500 to 300 rows (-40%, limit -20%)" in completed.stderr
    assert "gold.customer fell from 500 to 300 rows" in completed.stderr
    assert "mrr_usd" not in completed.stderr
    assert "--accept-drops" in completed.stderr
    assert current_build_id(pipeline.folder) == before
    assert pipeline.folder.candidate.exists()

    pipeline.land(500, mrr="nullif((i % 100) * 0.7, 0)")
    completed = pipeline.run("build")
    assert completed.returncode == EXIT_BLOCKED
    assert "mrr_usd of the portfolio fell from 25,250 to 17,325 (-31%, limit -20%)" in (
        completed.stderr
    )
    completed = pipeline.run("build", "--accept-drops")
    assert completed.returncode == 0, completed.stderr
    assert "warn: test not_null_silver_account_mrr_usd" in completed.stdout
    assert "health category:" in completed.stdout
    assert current_build_id(pipeline.folder) != before
    # The blocked runs left their traces as well.
    assert pipeline.query(
        "select failures from ops.test_result where status = 'warn' order by build_id"
    ) == [(1,), (5,), (5,)]


def test_an_incomplete_extraction_is_not_built(pipeline: Pipeline) -> None:
    before = current_build_id(pipeline.folder)
    pipeline.write_manifest("incomplete", [])
    completed = pipeline.run("build")
    assert completed.returncode == EXIT_BLOCKED
    assert "The extraction of Account is incomplete" in completed.stderr
    assert "python -m extract" in completed.stderr
    assert current_build_id(pipeline.folder) == before


def test_a_lost_bronze_file_is_named(pipeline: Pipeline) -> None:
    next((pipeline.root / "bronze" / "account").iterdir()).unlink()
    completed = pipeline.run("build")
    assert completed.returncode == EXIT_BLOCKED
    assert "account/bronze_account_000500.parquet" in completed.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "There is no extract to build from"), ("{", "is not a manifest"), ("[]", "is not a")],
)
def test_a_missing_or_broken_manifest_says_what_to_do(
    tmp_path: Path, content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "bronze").mkdir()
        (tmp_path / "bronze" / "manifest.json").write_text(content)
    completed = Pipeline(tmp_path, PROJECT).run("build")
    assert completed.returncode == EXIT_FAILED
    assert message in completed.stderr
    assert "python -m extract" in completed.stderr
    assert "Traceback" not in completed.stderr


def test_a_broken_project_is_reported_in_dbts_words(pipeline: Pipeline, tmp_path: Path) -> None:
    project = tmp_path / "broken"
    shutil.copytree(PROJECT / "models", project / "models")
    settings = (PROJECT / "dbt_project.yml").read_text()
    relative = os.path.relpath(PROJECT_ROOT / "warehouse", project)
    (project / "dbt_project.yml").write_text(settings.replace("../../../warehouse", relative))
    (project / "models" / "gold" / "gold_broken.sql").write_text(
        "select * from {{ ref('nothing') }}"
    )
    completed = Pipeline(pipeline.root, project).run("build")
    assert completed.returncode == EXIT_FAILED
    assert "depends on a node named 'nothing' which was not found" in completed.stderr
    assert "Traceback" not in completed.stderr


def test_only_one_run_at_a_time(pipeline: Pipeline) -> None:
    command = [sys.executable, "-m", "warehouse", "build"]
    first = subprocess.Popen(
        command, cwd=PROJECT_ROOT, env=pipeline.environment, stdout=subprocess.DEVNULL
    )
    try:
        lock = pipeline.folder.lock
        while not lock.exists() or str(first.pid) not in lock.read_text():
            time.sleep(0.02)
        second = pipeline.run("build")
        assert second.returncode == EXIT_LOCKED
        assert f"process {first.pid}, `build`" in second.stderr
    finally:
        first.kill()
        first.wait()


def test_a_killed_dbt_is_a_failed_run(pipeline: Pipeline) -> None:
    before = current_build_id(pipeline.folder)
    run = subprocess.Popen(
        [sys.executable, "-m", "warehouse", "build"],
        cwd=PROJECT_ROOT,
        env=pipeline.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    parent = psutil.Process(run.pid)
    while not (children := parent.children()):
        time.sleep(0.02)
    # What the kernel does to the largest process when memory runs out.
    children[0].send_signal(signal.SIGKILL)
    _, errors = run.communicate()
    assert run.returncode == EXIT_FAILED
    assert "memory ran out" in errors
    assert current_build_id(pipeline.folder) == before
    assert pipeline.last_run()["status"] == "failed"


def test_out_of_memory_inside_duckdb_is_a_failed_run(pipeline: Pipeline) -> None:
    before = current_build_id(pipeline.folder)
    pipeline.land(200_000)
    completed = pipeline.run("build", CUSTOMER360_MEMORY_LIMIT="2MB")
    assert completed.returncode != 0
    assert "ut of Memory" in completed.stderr
    assert current_build_id(pipeline.folder) == before
