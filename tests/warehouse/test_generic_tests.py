"""The project's generic tests, run by dbt on rows that they must pass and rows they must fail."""

import json
import shutil
from pathlib import Path

import pytest

from tests.warehouse.dbt import run_dbt

ROOT = Path(__file__).resolve().parents[2]
PROJECT = """
name: customer360
version: 1.0.0
profile: customer360
function-paths: []
"""
MODELS = {
    "good": "select 1 as id, 'a' as part, 5 as amount union all select 1, 'b', null",
    "repeated": "select 1 as id, 'a' as part, 0 as amount union all select 1, 'a', -1",
    "missing": "select 1 as id, 'a' as part, 5 as amount union all select null, 'b', 5",
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Return the rows that each test found, by its name, after one run of dbt."""
    folder = tmp_path_factory.mktemp("generic_tests")
    shutil.copytree(ROOT / "warehouse" / "macros", folder / "macros")
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "models").mkdir()
    properties = "models:\n"
    for name, query in MODELS.items():
        (folder / "models" / f"{name}.sql").write_text(query)
        properties += (
            f"  - name: {name}\n"
            "    data_tests:\n"
            f"      - primary_key: {{name: {name}_key, arguments: {{columns: [id, part]}}}}\n"
            f"      - primary_key: {{name: {name}_nullable_key,"
            " arguments: {columns: [id, part], nullable: [id]}}\n"
            f"      - is_true: {{name: {name}_true, arguments: {{condition: amount > 0}}}}\n"
            "    columns:\n"
            "      - name: id\n"
            "        data_tests:\n"
            f"          - primary_key: {{name: {name}_column_key}}\n"
        )
    (folder / "models" / "models.yml").write_text(properties)
    completed = run_dbt("build", file=folder / "warehouse.duckdb", folder=folder, project=folder)
    results = folder / "target" / "run_results.json"
    assert results.exists(), completed.stdout
    found = {
        result["unique_id"].split(".")[2]: result["failures"]
        for result in json.loads(results.read_text())["results"]
        if result["unique_id"].startswith("test.")
    }
    assert None not in found.values(), completed.stdout
    return found


@pytest.mark.parametrize(
    ("test", "rows"),
    [
        ("good_key", 0),
        ("repeated_key", 1),
        ("missing_key", 1),
        ("good_nullable_key", 0),
        ("repeated_nullable_key", 1),
        ("missing_nullable_key", 0),
        ("good_column_key", 1),
        ("repeated_column_key", 1),
        ("missing_column_key", 1),
        ("good_true", 0),
        ("repeated_true", 2),
        ("missing_true", 0),
    ],
)
def test_a_generic_test_finds_the_bad_rows_only(
    failures: dict[str, int], test: str, rows: int
) -> None:
    assert failures[test] == rows
