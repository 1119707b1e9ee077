"""Every step of docs/extending.md, done on a copy of the project: its blocks are the input."""

import json
import re
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract.settings import read_configuration
from tests.warehouse.dbt import run_dbt

ROOT = Path(__file__).resolve().parents[2]
# `path`, where in the file (at the end when nothing is said), and the block that goes there.
STEP = re.compile(
    r"^`((?:warehouse|extract)/[\w./]+)`(?:, (new|after|in place of)(?: `([^`\n]+)`)?)?\n\n"
    r"```\w+\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
# Which accounts are linked, and to which customers: nothing on the page changes it.
KEPT = (
    "gold_account_link",
    "gold_customer",
    "core_customer_account",
    "gold_link_review",
    "gold_master_account",
)
ANSWER_COLUMNS = pa.schema(
    {
        "Id": pa.string(),
        "IsDeleted": pa.bool_(),
        "CreatedDate": pa.timestamp("us", tz="UTC"),
        "SystemModstamp": pa.timestamp("us", tz="UTC"),
        "Account__c": pa.string(),
        "Answered_On__c": pa.string(),
        "Score__c": pa.decimal128(4, 1),
        "Comment__c": pa.string(),
        "_extracted_at": pa.timestamp("us", tz="UTC"),
        "_source_system": pa.string(),
        "_batch_id": pa.string(),
    }
)


def apply(folder: Path, name: str, where: str, anchor: str, block: str) -> None:
    """Put one block of the page into the file of the copy; ValueError where it has no place."""
    file = folder / name
    if where == "new":
        if file.exists():
            msg = f"{name} is there already"
            raise ValueError(msg)
        file.write_text(block)
        return
    lines = file.read_text().rstrip("\n").split("\n")
    added = block.rstrip("\n").split("\n")
    if not where:
        lines += added
    else:
        matches = [
            number
            for number, line in enumerate(lines)
            if (line.strip() == anchor if where == "after" else line.startswith(anchor))
        ]
        if not matches or (where == "after" and len(matches) > 1):
            msg = f"{len(matches)} lines of {name} are {anchor!r}"
            raise ValueError(msg)
        kept = [] if where == "in place of" else [lines[matches[0]]]
        lines[matches[0] : matches[-1] + 1] = [*kept, *added]
    file.write_text("\n".join(lines) + "\n")


def extract_answers(data: Path, account: str) -> None:
    """Add to the bronze folder what the extraction of Survey__c would: two answers, one deleted."""
    manifest_file = data / "bronze" / "manifest.json"
    manifest = json.loads(manifest_file.read_text())
    entry = manifest["objects"]["Usage__c"]
    extracted_at = datetime.fromisoformat(entry["files"][-1]["extracted_at"])
    rows = [
        {
            "Id": f"a0700000000000{number}AAA",
            "IsDeleted": deleted,
            "CreatedDate": datetime(2026, 1, 5, 9, tzinfo=UTC),
            "SystemModstamp": datetime(2026, 1, 5, 9, tzinfo=UTC),
            "Account__c": account,
            "Answered_On__c": day,
            "Score__c": score,
            "Comment__c": "  <b>Fine</b> ",
            "_extracted_at": extracted_at,
            "_source_system": manifest["source_system"],
            "_batch_id": entry["batch_id"],
        }
        for number, deleted, day, score in (
            (1, False, "2026-01-05", Decimal("8.5")),
            (2, False, "soon", None),
            (3, True, "2026-01-06", Decimal(1)),
        )
    ]
    name = "survey__c/bronze_survey__c_20260105T090000000000Z.parquet"
    (data / "bronze" / name).parent.mkdir()
    pq.write_table(pa.Table.from_pylist(rows, ANSWER_COLUMNS), data / "bronze" / name)
    manifest["objects"]["Survey__c"] = entry | {
        "files": [entry["files"][-1] | {"path": name, "rows": 2, "rows_deleted": 1}]
    }
    manifest_file.write_text(json.dumps(manifest))


@pytest.fixture(scope="module")
def extended(pristine_data_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the copy of the project and its warehouse, built anew where it must."""
    folder = tmp_path_factory.mktemp("extending")
    project = folder / "warehouse"
    shutil.copytree(ROOT / "warehouse", project, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "extract").mkdir()
    shutil.copy(ROOT / "extract" / "objects.yml", folder / "extract")
    steps = STEP.findall((ROOT / "docs" / "extending.md").read_text())
    for name, where, anchor, block in steps:
        apply(folder, name, where, anchor, block)
    file = folder / "warehouse.duckdb"
    shutil.copy((pristine_data_directory / "warehouse" / "current.duckdb").resolve(), file)
    data = folder / "data"
    shutil.copytree(pristine_data_directory / "bronze", data / "bronze")
    ((account,),) = query(folder, "select min(account_id) from silver.account")
    extract_answers(data, account)
    completed = run_dbt(
        *("build", "--exclude-resource-type", "unit_test", "--select"),
        "+silver_exchange_rate",
        *{Path(name).stem for name, *_ in steps if "/seeds/" in name},
        "+gold_data_quality_issue",
        "+gold_data_quality_column",
        "+gold_data_quality_freshness",
        "+gold_recommendations",
        "+gold_risk_alerts",
        "serving_customer_document",
        *("--exclude", "path:models/linking"),
        *KEPT,
        "manual_decisions_name_known_accounts",
        "path:models/silver,resource_type:test",
        "path:models/intermediate,resource_type:test",
        file=file,
        folder=folder,
        project=project,
        CUSTOMER360_DATA=str(data),
    )
    assert completed.returncode == 0, completed.stdout[-4000:]
    return folder


def query(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
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
        " from gold.customer_360_current where days_since_last_contact > 30"
        " and lifecycle_stage in ('leaving', 'onboarding', 'active')",
    )
    assert raised
    assert set(raised) == set(expected)


def test_a_measure_has_its_value_in_gold(extended: Path) -> None:
    measured = query(
        extended,
        "select customer_id, longest_open_case_days from gold.customer_360_current"
        " where longest_open_case_days is distinct from 0",
    )
    expected = query(
        extended,
        "select bridge.customer_id,"
        " max(date_diff('day', cast(created_at as date), scored_date.as_of)) as days"
        " from silver.case"
        " join gold.customer_account as bridge using (account_id)"
        " join gold.scored_date on scored_date.is_current"
        " and cast(created_at as date) <= scored_date.as_of"
        " where coalesce(closed_at, case when is_closed then last_modified_at end) is null"
        " or cast(coalesce(closed_at, last_modified_at) as date) > scored_date.as_of"
        " group by bridge.customer_id having days > 0",
    )
    assert measured
    assert set(measured) == set(expected)


def test_a_measure_takes_its_part_in_the_score(extended: Path) -> None:
    points = query(
        extended,
        "select distinct points from gold.score_contribution"
        " where measure = 'longest_open_case_days' and value in (0, 30, 90) order by points",
    )
    assert points[0] == (0,)
    assert set(points) <= {(0,), (60,), (100,)}
    assert query(
        extended,
        "select distinct points from gold.score_contribution"
        " where measure = 'longest_open_case_days' and value > 90",
    ) == [(100,)]
    ((customers, documents),) = query(
        extended,
        "select count(*), count(*) filter (document like '%longest_open_case_days%')"
        " from gold.serving_customer_document",
    )
    assert customers == documents > 0


def test_a_source_object_is_extracted(extended: Path) -> None:
    configuration = read_configuration(extended / "extract" / "objects.yml")
    assert "Survey__c" in {entry.name for entry in configuration.objects}


def test_a_source_object_has_its_records_in_silver(extended: Path) -> None:
    records = query(
        extended,
        "select survey_id, answered_on, score, comment from silver.survey order by survey_id",
    )
    assert records == [
        ("a07000000000001AAA", date(2026, 1, 5), Decimal("8.50"), "Fine"),
        ("a07000000000002AAA", None, None, "Fine"),
    ]


def test_a_source_object_has_its_data_quality(extended: Path) -> None:
    assert query(
        extended,
        "select record_id, field, raw_value, issue_type from gold.data_quality_issue"
        " where object = 'survey'",
    ) == [("a07000000000002AAA", "answered_on", "soon", "rejected")]
    assert query(
        extended, "select row_count from gold.data_quality_freshness where object = 'survey'"
    ) == [(2,)]
    assert query(
        extended,
        "select null_share from gold.data_quality_column"
        " where layer = 'silver' and object = 'survey' and field = 'score'",
    ) == [(0.5,)]


def test_every_table_of_gold_has_its_null_shares(extended: Path) -> None:
    missing = query(
        extended,
        "select table_name from duckdb_tables() where schema_name = 'gold'"
        " and table_name <> 'customer_360_metrics'"
        " and not starts_with(table_name, 'serving_')"
        " and not starts_with(table_name, 'data_quality_')"
        " except select object from gold.data_quality_column where layer = 'gold'",
    )
    assert missing == []
    shares = query(
        extended,
        "select null_share from gold.data_quality_column where layer = 'gold'"
        " and object = 'customer_360_current' and field = 'longest_open_case_days'"
        " union all select avg(case when longest_open_case_days is null then 1.0 else 0 end)"
        " from gold.customer_360_current",
    )
    assert len(shares) == 2
    assert shares[0] == shares[1]
