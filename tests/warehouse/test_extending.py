"""Every step of docs/extending.md, done on a copy of the project: its blocks are the input."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^`(warehouse/seeds/\w+\.csv)`\n\n```csv\n(.*?)```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def extended(pristine_data_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse file built anew, where it depends on what the page adds."""
    folder = tmp_path_factory.mktemp("extending")
    project = folder / "warehouse"
    shutil.copytree(ROOT / "warehouse", project, ignore=shutil.ignore_patterns("__pycache__"))
    blocks = BLOCK.findall((ROOT / "docs" / "extending.md").read_text())
    for name, rows in blocks:
        seed = folder / name
        seed.write_text(seed.read_text().rstrip("\n") + "\n" + rows)
    file = folder / "warehouse.duckdb"
    shutil.copy((pristine_data_directory / "warehouse" / "current.duckdb").resolve(), file)
    environment = os.environ | {
        "CUSTOMER360_DATA": str(pristine_data_directory),
        "CUSTOMER360_WAREHOUSE_FILE": str(file),
        "DBT_PROFILES_DIR": str(ROOT),
        "DBT_PROJECT_DIR": str(project),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    completed = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "build",
            "--exclude-resource-type",
            "unit_test",
            "--select",
            "+silver_exchange_rate",
            *(Path(name).stem for name, _ in blocks),
            "gold_recommendations",
            "gold_risk_alerts",
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout[-4000:]
    return file


def query(file: Path, statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(statement).fetchall()


def test_a_currency_has_its_rates_in_silver(extended: Path) -> None:
    rates = query(
        extended,
        "select cast(rate_date as text), cast(rate_to_usd as double) from silver.exchange_rate"
        " where currency_code = 'XAF' order by rate_date",
    )
    assert rates == [("2018-01-01", 0.0017), ("2026-01-01", 0.00165)]


def test_a_rule_fires_for_the_customers_that_meet_its_conditions(extended: Path) -> None:
    fired = query(extended, "select customer_id from gold.recommendations where rule_id = 'R101'")
    expected = query(
        extended,
        "select customer_id from gold.customer_360_current"
        " where health_score >= 80 and pipeline_usd > 0",
    )
    assert fired
    assert set(fired) == set(expected)


def test_an_alert_has_the_most_severe_step_of_its_ladder(extended: Path) -> None:
    raised = query(
        extended, "select customer_id, severity from gold.risk_alerts where alert_code = 'A101'"
    )
    expected = query(
        extended,
        "select customer_id, case when days_since_last_contact > 60 then 'MEDIUM' else 'LOW' end"
        " from gold.customer_360_current where days_since_last_contact > 30",
    )
    assert raised
    assert set(raised) == set(expected)
