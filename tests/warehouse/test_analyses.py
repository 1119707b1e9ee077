"""The worked questions of warehouse/analyses, compiled by dbt and run on the published file."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.dbt import run_dbt

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = sorted(path.stem for path in (ROOT / "warehouse" / "analyses").glob("*.sql"))
Answers = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def answers(data_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Return the rows of every question, all compiled at once."""
    folder = tmp_path_factory.mktemp("analyses")
    completed = run_dbt(
        *("compile", "--select", "resource_type:analysis", "--no-populate-cache"),
        file=data_copy,
        folder=folder,
        CUSTOMER360_DATA=str(data_copy.parents[1]),
    )
    assert completed.returncode == 0, completed.stdout
    compiled = folder / "target" / "compiled" / "customer360" / "analyses"
    with duckdb.connect(str(data_copy), read_only=True) as connection:
        found: Answers = {}
        for name in QUESTIONS:
            cursor = connection.execute((compiled / f"{name}.sql").read_text())
            columns = [column[0] for column in cursor.description]
            found[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return found


@pytest.fixture(scope="module")
def data_copy(pristine_data_directory: Path) -> Path:
    """Return the published file, which is only read."""
    return (pristine_data_directory / "warehouse" / "current.duckdb").resolve()


def test_there_are_ten_questions_each_with_how_to_read_its_answer() -> None:
    assert len(QUESTIONS) >= 10
    for name in QUESTIONS:
        lines = (ROOT / "warehouse" / "analyses" / f"{name}.sql").read_text().splitlines()
        assert lines[0].startswith("-- Question: "), name
        assert lines[1].startswith("-- Reading: "), name


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_an_answer(answers: Answers, question: str) -> None:
    assert answers[question]


def test_the_regions_hold_the_revenue_of_the_portfolio(answers: Answers, data_copy: Path) -> None:
    with duckdb.connect(str(data_copy), read_only=True) as connection:
        row = connection.execute(
            "select arr_usd from gold.portfolio_summary where region = 'all' and segment = 'all'"
            " and as_of = (select max(as_of) from gold.scored_date)"
        ).fetchone()
    assert row is not None
    assert sum(line["arr_usd"] for line in answers["revenue_at_risk_by_region"]) == row[0]


def test_concentration_ends_at_the_whole(answers: Answers) -> None:
    shares = [line["cumulative_share"] for line in answers["revenue_concentration"]]
    assert shares == sorted(shares)
    assert float(shares[-1]) == pytest.approx(1)


def test_gross_retention_is_never_above_net_or_one(answers: Answers) -> None:
    for line in answers["revenue_retention_by_segment_and_cohort"]:
        assert line["gross_revenue_retention"] <= min(1, line["net_revenue_retention"])


def test_expiring_customers_are_unhealthy_and_near_their_end(answers: Answers) -> None:
    for line in answers["expiring_unhealthy_customers"]:
        assert line["health_score"] < 80
        assert 0 <= line["days_to_expiry"] <= 180
        assert line["weakest_component"]
