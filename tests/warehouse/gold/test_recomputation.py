"""The published scores equal an independent recomputation from silver."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.gold.recomputation import (
    CHURN,
    HEALTH,
    SCORED_STAGES,
    Records,
    lifecycle_stage,
    measures,
    score,
)

TABLES = {
    "assets": "asset",
    "invoices": "invoice",
    "cases": "case",
    "interactions": "interaction",
    "opportunities": "opportunity",
    "usage": "usage",
    "contracts": "contract",
}


@pytest.fixture(scope="module")
def warehouse(pristine_data_directory: Path) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to the published warehouse."""
    path = (pristine_data_directory / "warehouse" / "current.duckdb").resolve()
    return duckdb.connect(str(path), read_only=True)


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def records_by_account(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, table in TABLES.items():
        by_account = defaultdict(list)
        for record in rows(connection, f'select * from silver."{table}"'):
            by_account[record["account_id"]].append(record)
        found[name] = by_account
    return found


def differing_scores(
    row: dict[str, Any], records: Records, as_of: date, expected: dict[str, float | None]
) -> list[tuple[Any, ...]]:
    """Return in what a published row's stage and scores differ from those recomputed."""
    stage, left_on, leaves_on = lifecycle_stage(records, as_of)
    recomputed: dict[str, Any] = {
        "lifecycle_stage": stage,
        "left_on": left_on,
        "leaves_on": leaves_on,
    }
    for name, components in (("health_score", HEALTH), ("churn_risk_score", CHURN)):
        recomputed[name] = score(components, expected) if stage in SCORED_STAGES else None
    return [
        (row["customer_id"], name, row[name], value)
        for name, value in recomputed.items()
        if row[name] != value
    ]


@pytest.mark.parametrize("months_back", [0, 7])
def test_scores_equal_a_recomputation_in_plain_python(
    warehouse: duckdb.DuckDBPyConnection, months_back: int
) -> None:
    dates = warehouse.execute("select as_of from gold.scored_date order by as_of desc").fetchall()
    as_of: date = dates[months_back][0]
    members = defaultdict(list)
    for customer_id, account_id in warehouse.execute(
        "select customer_id, account_id from gold.customer_account"
    ).fetchall():
        members[customer_id].append(account_id)
    by_account = records_by_account(warehouse)
    rates = dict(
        warehouse.execute(
            "select currency_code, exchange_rate from silver.exchange_rate_day where rate_day = ?",
            [as_of],
        ).fetchall()
    )
    assets = {asset["asset_id"]: asset for asset in rows(warehouse, "select * from silver.asset")}

    def charge(asset_id: str) -> float:
        asset = assets.get(asset_id)
        if asset is None or asset["monthly_charge"] is None:
            return 0.0
        rate = rates.get(asset["currency_code"])
        return float(asset["monthly_charge"] * rate) if rate is not None else 0.0

    published = rows(
        warehouse,
        "select * from gold.customer_360_metrics where as_of = "
        f"date '{as_of}' order by customer_id like 'M-%' desc, md5(customer_id) limit 120",
    )
    assert any(row["customer_id"].startswith("M-") for row in published)
    differences = []
    for row in published:
        accounts = members[row["customer_id"]]
        records = Records(
            **{
                name: [record for account in accounts for record in by_account[name][account]]
                for name in TABLES
            }
        )
        expected = measures(records, as_of, charge)
        for name, value in expected.items():
            if value is None or row[name] is None:
                same = value is None and row[name] is None
            else:
                same = abs(float(row[name]) - value) < 1e-4
            if not same:
                differences.append((row["customer_id"], name, row[name], value))
        differences += differing_scores(row, records, as_of, expected)
    assert differences == []
    assert sum(1 for row in published if row["health_score"] is not None) > 60
    assert {"former", "active"} <= {row["lifecycle_stage"] for row in published}
