"""The project built by Spark and published: every gold table equals DuckDB's, row for row."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.conftest import run_stage
from tests.warehouse.spark_installed import needs_spark

pytestmark = needs_spark


@pytest.fixture(scope="module")
def built_by_spark(
    pristine_data_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, object]]:
    """A data folder whose warehouse Spark has built from the same bronze, and the run's report."""
    data = tmp_path_factory.mktemp("spark")
    shutil.copytree(pristine_data_directory / "bronze", data / "bronze")
    # Unit tests ask DuckDB alone, and have passed there.
    (data / "warehouse" / "dbt").mkdir(parents=True)
    passed = Path("warehouse", "dbt", "unit_tests_passed")
    shutil.copy(pristine_data_directory / passed, data / passed)
    with pytest.MonkeyPatch.context() as patch:
        # Over few rows most of the time is Java's, compiling what it runs once.
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        completed = run_stage(data, "warehouse", "build", "--target", "spark", "--json")
    return data, json.loads(completed.stdout)


def _comparable(column: str, data_type: str) -> str:
    """Return a column as it has to be equal: money to the cent, what is computed to 1e-6."""
    return f'round("{column}", 6)' if data_type == "DOUBLE" else f'"{column}"'


def test_every_gold_table_is_the_same_on_both_engines(
    pristine_data_directory: Path, built_by_spark: tuple[Path, dict[str, object]]
) -> None:
    differing: dict[str, tuple[int, int, int]] = {}
    with duckdb.connect() as connection:
        for name, data in (("duckdb", pristine_data_directory), ("spark", built_by_spark[0])):
            path = data / "warehouse" / "current.duckdb"
            connection.execute(f"attach '{path}' as {name}_built (read_only)")
        columns = connection.execute(
            """
            select table_name, list((column_name, data_type) order by column_index)
            from duckdb_columns()
            where database_name = 'duckdb_built' and schema_name = 'gold'
            group by table_name order by table_name
            """
        ).fetchall()
        assert {"customer_360_metrics", "health_score", "account_link"} <= {t for t, _ in columns}
        for table, typed in columns:
            select = ", ".join(_comparable(column, data_type) for column, data_type in typed)
            by_duckdb, by_spark = (
                f"select {select} from {name}_built.gold.{table}" for name in ("duckdb", "spark")
            )
            counts = connection.execute(
                f"select (select count(*) from ({by_duckdb})), "
                f"(select count(*) from ({by_duckdb} except all {by_spark})), "
                f"(select count(*) from ({by_spark} except all {by_duckdb}))"
            ).fetchall()[0]
            if counts[1:] != (0, 0):
                differing[table] = counts
    assert differing == {}


def test_the_run_is_audited_and_published_as_any_other(
    built_by_spark: tuple[Path, dict[str, object]],
) -> None:
    data, report = built_by_spark
    assert report["status"] == "published"
    stages = [stage["stage"] for stage in report["stages"]]  # type: ignore[attr-defined]
    assert stages == ["spark", "build", "audit", "record", "publish"]
    current = (data / "warehouse" / "current.duckdb").resolve()
    assert current.stem == report["build_id"]
