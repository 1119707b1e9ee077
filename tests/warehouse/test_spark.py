"""The project built by Spark and published: every gold table equals DuckDB's, row for row.

Over 200 accounts, or as many as CUSTOMER360_TEST_ACCOUNTS says.
"""

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
    # Over few rows most of the time goes into programs that are compiled to run once.
    (data / "spark-defaults.conf").write_text(
        "spark.sql.codegen.wholeStage false\nspark.sql.codegen.factoryMode NO_CODEGEN\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        patch.setenv("SPARK_CONF_DIR", str(data))
        completed = run_stage(data, "warehouse", "build", "--target", "spark", "--json")
    return data, json.loads(completed.stdout)


def _comparable(column: str, data_type: str) -> str:
    """Return a column as it has to be equal: money to the cent, what is computed to 1e-6."""
    return f'round("{column}", 6)' if data_type == "DOUBLE" else f'"{column}"'


def test_every_gold_table_is_the_same_on_both_engines(
    pristine_data_directory: Path, built_by_spark: tuple[Path, dict[str, object]]
) -> None:
    differing: dict[str, tuple[int, int]] = {}
    with duckdb.connect() as connection:
        for name, data in (("duckdb", pristine_data_directory), ("spark", built_by_spark[0])):
            path = data / "warehouse" / "current.duckdb"
            connection.execute(f"attach '{path}' as {name}_built (read_only)")
        # Views are left out: DuckDB defines them in both files, over tables that are compared.
        columns = connection.execute(
            """
            select table_name, list((column_name, data_type) order by column_index)
            from duckdb_columns()
            semi join duckdb_tables() using (database_oid, schema_name, table_name)
            where database_name = 'duckdb_built' and schema_name = 'gold'
            group by table_name order by table_name
            """
        ).fetchall()
        assert {"customer_360_metrics", "health_score", "account_link"} <= {t for t, _ in columns}
        for table, typed in columns:
            select = ", ".join(_comparable(column, data_type) for column, data_type in typed)
            by_duckdb, by_spark = (
                f"(select hash({select}) as row, count(*) as number "
                f"from {name}_built.gold.{table} group by all)"
                for name in ("duckdb", "spark")
            )
            # Rows by their hash: EXCEPT ALL takes minutes over a few hundred thousand.
            (missing, added) = connection.execute(
                f"""
                select
                    coalesce(sum(greatest(coalesce(d.number, 0) - coalesce(s.number, 0), 0)), 0),
                    coalesce(sum(greatest(coalesce(s.number, 0) - coalesce(d.number, 0), 0)), 0)
                from {by_duckdb} as d full join {by_spark} as s using (row)
                """
            ).fetchall()[0]
            if missing or added:
                differing[table] = (missing, added)
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
