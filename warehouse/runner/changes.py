"""What a new build changes for its users, compared with the published one."""

from typing import Any

import duckdb

from warehouse.runner.audit import tables

LABELS = ("lifecycle_stage", "health_category", "churn_risk_level")
# Where a customer has no label: one that is not scored at its stage has no category.
NO_LABEL = "not scored"


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _difference(
    connection: duckdb.DuckDBPyConnection, table: str, key: str, catalog: str
) -> tuple[int, int]:
    """Return how many keys are new in `catalog`, and how many of `previous` are gone."""
    new = _count(
        connection,
        f'select count(*) from "{catalog}".{table} anti join previous.{table} using ({key})',
    )
    gone = _count(
        connection,
        f'select count(*) from previous.{table} anti join "{catalog}".{table} using ({key})',
    )
    return new, gone


def totals(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, int]:
    """Return how many customers, alerts and recommendations a catalog holds."""
    return {
        name: _count(connection, f'select count(*) from "{catalog}".gold.{table}')
        for name, table in (
            ("customers", "customer"),
            ("alerts", "risk_alerts"),
            ("recommendations", "recommendations"),
        )
    }


def compare(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, Any]:
    """Compare a catalog with the published build, attached as `previous`.

    Returns:
        before: totals of the published build.
        customers, alerts, recommendations: how many are new and how many are gone.
        alerts_by_severity: opened and closed per severity.
        moves: how many customers moved from one label to another, per label.
    """
    changes: dict[str, Any] = {"before": totals(connection, "previous")}
    for name, table, key in (
        ("customers", "gold.customer", "customer_id"),
        ("alerts", "gold.risk_alerts", "alert_id"),
        ("recommendations", "gold.recommendations", "recommendation_id"),
    ):
        new, gone = _difference(connection, table, key, catalog)
        changes[name] = {"new": new, "gone": gone}
    changes["alerts_by_severity"] = [
        {"severity": severity, "opened": opened, "closed": closed}
        for severity, opened, closed in connection.execute(
            f"""
            with changed as (
                select severity, 1 as opened, 0 as closed
                from "{catalog}".gold.risk_alerts
                anti join previous.gold.risk_alerts using (alert_id)
                union all
                select severity, 0 as opened, 1 as closed
                from previous.gold.risk_alerts
                anti join "{catalog}".gold.risk_alerts using (alert_id)
            )
            select severity, sum(opened)::bigint, sum(closed)::bigint
            from changed group by severity order by severity
            """
        ).fetchall()
    ]
    changes["moves"] = {}
    for label in LABELS:
        if all(
            label in dict(tables(connection, side).get("gold.customer_360_current", []))
            for side in (catalog, "previous")
        ):
            changes["moves"][label] = [
                {"from": before, "to": after, "customers": customers}
                for before, after, customers in connection.execute(
                    f"""
                    select
                        coalesce(earlier.{label}, '{NO_LABEL}') as before,
                        coalesce(later.{label}, '{NO_LABEL}') as after,
                        count(*)
                    from "{catalog}".gold.customer_360_current as later
                    inner join previous.gold.customer_360_current as earlier using (customer_id)
                    where later.{label} is distinct from earlier.{label}
                    group by all order by count(*) desc, before, after
                    """
                ).fetchall()
            ]
    return changes
