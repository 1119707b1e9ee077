"""Every dispatched macro, on each engine: the same expression gives the same answer."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.warehouse.spark_installed import needs_spark

ROOT = Path(__file__).resolve().parents[2]
MACROS = ROOT / "warehouse" / "macros"
PROJECT = """
name: customer360
version: 1.0.0
profile: customer360
models: {+materialized: table}
"""

CASES = yaml.safe_load(Path(__file__).with_name("engines.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dbt project of one table, `answer` (place, text), with a row per case."""
    folder = tmp_path_factory.mktemp("engines")
    shutil.copytree(MACROS, folder / "macros")
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "note.txt").write_text("kept as it is")
    with duckdb.connect() as connection:
        connection.execute(f"copy (select 1 as one) to '{folder / 'first.parquet'}'")
        connection.execute(f"copy (select 2 as one, 'x' as two) to '{folder / 'second.parquet'}'")
    selects = " union all\n".join(
        f"select {place} as place, cast({case['expression']} as string) as answer"
        for place, case in enumerate(CASES)
    ).replace("FOLDER", str(folder))
    (folder / "models").mkdir()
    # While dbt parses, no query can be asked.
    (folder / "models" / "answer.sql").write_text(
        f"{{% if execute %}}\n{selects}\n{{% else %}}\nselect 1\n{{% endif %}}\n"
    )
    return folder


def _answers(project: Path, engine: str) -> dict[int, str | None]:
    tables = project / "tables"
    environment = os.environ | {
        "CUSTOMER360_SPARK_TABLES": str(tables) if engine == "spark" else "",
        "CUSTOMER360_WAREHOUSE_FILE": str(project / "warehouse.duckdb"),
        "DBT_PROFILES_DIR": str(ROOT),
        "DBT_PROJECT_DIR": str(project),
        "DBT_TARGET_PATH": str(project / f"target_{engine}"),
        "DBT_LOG_PATH": str(project / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    dbt = {
        "duckdb": [str(Path(sys.executable).with_name("dbt"))],
        "spark": [sys.executable, "-m", "warehouse.runner.spark_run"],
    }[engine]
    completed = subprocess.run(
        [*dbt, "run", "--target", engine],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout[-4000:] + completed.stderr[-2000:]
    with duckdb.connect() as connection:
        if engine == "duckdb":
            connection.execute(f"attach '{project / 'warehouse.duckdb'}' as made (read_only)")
            source = "made.main.answer"
        else:
            source = f"read_parquet('{tables}/**/answer/*.parquet')"
        rows = connection.execute(f"select place, answer from {source}").fetchall()
    return dict(rows)


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=needs_spark)])
def test_every_dispatched_macro_answers_the_same(project: Path, engine: str) -> None:
    answers = _answers(project, engine)
    assert answers == {place: case["answer"] for place, case in enumerate(CASES)}


def test_no_dispatched_macro_is_left_out() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in MACROS.rglob("*.sql"))
    dispatched = set(re.findall(r"adapter\.dispatch\('(\w+)'\)", text))
    assert dispatched
    assert dispatched <= {
        name for case in CASES for name in re.findall(r"(\w+)\(", case["expression"])
    }
