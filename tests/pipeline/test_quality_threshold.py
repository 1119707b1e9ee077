"""A threshold of the seed `quality_threshold` stops a publish, or warns, as its severity says."""

import shutil
from pathlib import Path

from tests.pipeline.conftest import PROJECT, Pipeline
from warehouse.runner.folder import PROJECT_ROOT
from warehouse.runner.publish import current_build_id

WAREHOUSE = PROJECT_ROOT / "warehouse"
EXIT_BLOCKED = 3
# What the check reads, of the one table that the tiny org has.
INPUTS = {
    "gold_data_quality_column": "select 'silver' as layer, 'account' as object,"
    " column_name as field, row_count, null_count / row_count as null_share"
    " from ({{ column_profile(ref('silver_account'), ['account_name', 'mrr_usd']) }}) as profile",
    "gold_data_quality_freshness": "select 'account' as object, count(*) as row_count,"
    " 0 as days_since_change, 0 as days_since_extraction from {{ ref('silver_account') }}",
    "gold_data_quality_issue": "select 'account' as object, account_id as record_id,"
    " 'account_name' as field, 'rejected' as issue_type from {{ ref('silver_account') }}"
    " where account_name is null",
}


def project_with_thresholds(folder: Path) -> Path:
    """Copy the tiny project, with the real check, and return the folder of the copy."""
    project = folder / "project"
    shutil.copytree(PROJECT, project)
    settings = project / "dbt_project.yml"
    settings.write_text(
        settings.read_text()
        .replace(", ../../../warehouse/models/ops", "")
        .replace("../../../warehouse/macros", "macros")
    )
    shutil.copytree(WAREHOUSE / "models" / "ops", project / "models" / "ops")
    shutil.copytree(WAREHOUSE / "macros", project / "macros")
    for name in ("gold_data_quality_check.sql", "gold_data_quality_check.yml"):
        shutil.copy(WAREHOUSE / "models" / "quality" / name, project / "models" / "gold")
    for name, query in INPUTS.items():
        (project / "models" / "gold" / f"{name}.sql").write_text(query)
    # Column types of the seed that a header alone does not tell.
    (project / "seeds").mkdir()
    (project / "seeds" / "seeds.yml").write_text(
        "seeds: [{name: quality_threshold, config: {column_types: {minimum: double,"
        " maximum: double, field: varchar, issue_type: varchar, comment: varchar}}}]"
    )
    return project


def set_threshold(project: Path, severity: str) -> None:
    """Let at most 1 in 1,000 accounts be without revenue, or else `severity`."""
    header = (WAREHOUSE / "seeds" / "quality_threshold.csv").read_text().splitlines()[0]
    (project / "seeds" / "quality_threshold.csv").write_text(
        f"{header}\nnull_share,account,mrr_usd,,,0.001,{severity},MRR would be understated\n"
        "issue_share,account,account_name,rejected,,0.5,stop,\n"
        "row_count,account,,,1,,stop,\n"
    )


def test_a_broken_stop_blocks_publishing_and_a_broken_warn_does_not(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    strict = Pipeline(pipeline.root, project_with_thresholds(tmp_path))
    before = current_build_id(strict.folder)
    strict.land(500, mrr="nullif(i % 100, 0)")

    set_threshold(strict.project, "stop")
    completed = strict.run("build", "--accept-drops")
    assert completed.returncode == EXIT_BLOCKED
    assert "data_quality_allows_publishing: Got 1 result" in completed.stderr
    assert current_build_id(strict.folder) == before

    set_threshold(strict.project, "warn")
    completed = strict.run("build", "--accept-drops")
    assert completed.returncode == 0, completed.stderr
    assert "warn: test data_quality_within_bounds" in completed.stdout
    assert current_build_id(strict.folder) != before
    assert strict.query(
        "select value, status from gold.data_quality_check where measure = 'null_share'"
    ) == [(0.01, "warn")]
