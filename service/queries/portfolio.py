"""The whole portfolio: executive summary, columns for charts, rules, what-if."""

from collections import defaultdict
from typing import Any

import msgspec

from service.problems import bad_request
from service.queries.actions import recommendation_totals
from service.queries.caller_view import CallerView
from service.schemas.base import StageFilter
from service.schemas.customer import Measure
from service.schemas.portfolio import (
    AlertRule,
    ComponentWeight,
    ConcentrationPoint,
    Distribution,
    Knot,
    MeasureWeight,
    Movement,
    Mover,
    RecommendationRule,
    RecommendationTotals,
    Rules,
    SeverityCount,
    Share,
    Summary,
    TopRisk,
    TrendPoint,
    WhatIf,
    WhatIfAnswer,
)

KPIS = (
    "customers",
    "active_customers",
    "mrr_usd",
    "arr_usd",
    "annual_revenue_usd",
    "clv_usd",
    "pipeline_usd",
    "weighted_pipeline_usd",
    "overdue_amount_usd",
    "nrr",
    "grr",
    "revenue_at_risk_usd",
    "mean_health_score",
    "mean_churn_risk_score",
)
TOLERANCE = 1e-6
MOVERS = 50


def summary(view: CallerView) -> Summary:
    """The executive summary of the customers that the caller may see."""
    snapshot = view.reader.snapshot
    trend = view.rows("summary_trend")
    newest = next((row for row in trend if row["as_of"] == snapshot.as_of), {})
    previous = next((row for row in trend if row["as_of"] == snapshot.previous_as_of), {})
    shares: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in view.rows("summary_share", as_of=snapshot.as_of):
        shares[row["dimension"]].append(row)
    severities = {row["severity"]: row["count"] for row in view.rows("summary_alerts")}
    return Summary(
        as_of=snapshot.as_of,
        previous_as_of=snapshot.previous_as_of,
        kpis=[
            Measure(
                metric=name,
                value=newest.get(name),
                previous_value=previous.get(name),
                previous_as_of=snapshot.previous_as_of if previous else None,
            )
            for name in KPIS
        ],
        by_health=msgspec.convert(shares["health"], list[Share]),
        by_churn=msgspec.convert(shares["churn"], list[Share]),
        by_region=msgspec.convert(shares["region"], list[Share]),
        by_segment=msgspec.convert(shares["segment"], list[Share]),
        by_stage=msgspec.convert(shares["stage"], list[Share]),
        alerts=[
            SeverityCount(severity="HIGH", count=severities.get("HIGH", 0)),
            SeverityCount(severity="MEDIUM", count=severities.get("MEDIUM", 0)),
            SeverityCount(severity="LOW", count=severities.get("LOW", 0)),
        ],
        recommendations=msgspec.convert(recommendation_totals(view), RecommendationTotals),
        trend=msgspec.convert(trend, list[TrendPoint]),
        movement=msgspec.convert(view.rows("summary_movement"), list[Movement]),
        top_risks=msgspec.convert(view.rows("top_risks"), list[TopRisk]),
        concentration=msgspec.convert(view.rows("concentration"), list[ConcentrationPoint]),
    )


def portfolio(view: CallerView, stage: StageFilter) -> bytes:
    """The answer Portfolio, in JSON: the columns are written by DuckDB, off Python's lock."""
    snapshot = view.reader.snapshot
    ((total, columns),) = view.reader.execute(
        "portfolio", regions=view.caller.region_list, stage=stage
    ).fetchall()
    return msgspec.json.encode(
        {
            "as_of": snapshot.as_of,
            "previous_as_of": snapshot.previous_as_of,
            "total": total,
            "columns": msgspec.Raw(columns.encode()),
        }
    )


def rules(view: CallerView) -> Rules:
    """What decides about scores, alerts and recommendations in this build."""
    reader = view.reader
    conditions: dict[str, list[str]] = defaultdict(list)
    for row in reader.rows("rule_conditions"):
        conditions[row["rule_id"]].append(f"{row['metric']} {row['operator']} {row['threshold']:g}")
    return Rules(
        components=reader.records(ComponentWeight, "rule_components"),
        measures=reader.records(MeasureWeight, "rule_measures"),
        knots=reader.records(Knot, "rule_knots"),
        alert_rules=reader.records(AlertRule, "rule_alerts"),
        recommendation_rules=msgspec.convert(
            [
                row
                | {
                    "conditions": conditions[row["rule_id"]],
                    "impact": f"{row['impact_metric']} x {row['impact_factor']:.2f}",
                }
                for row in reader.rows("rule_recommendations")
            ],
            list[RecommendationRule],
        ),
        as_of=reader.snapshot.as_of,
    )


def _weights(view: CallerView, question: WhatIf) -> dict[str, float]:
    """All component weights of the score, those asked for over the published ones."""
    published = {
        row.component: row.weight
        for row in view.reader.records(ComponentWeight, "rule_components")
        if row.score == question.score
    }
    for entry in question.components:
        if entry.score != question.score or entry.component not in published:
            raise bad_request(
                f"{question.score} has no component {entry.component}; "
                f"it has {', '.join(published)}.",
                "components",
            )
        published[entry.component] = entry.weight
    if abs(sum(published.values()) - 1) > TOLERANCE:
        raise bad_request(
            f"The weights of {question.score} sum to {sum(published.values()):.4f}; "
            "they must sum to 1.",
            "components",
        )
    return published


def _knots(view: CallerView, question: WhatIf) -> list[dict[str, Any]]:
    """All knots of the score; the knots asked for replace the whole curve of their measure."""
    published: dict[str, dict[float, float]] = defaultdict(dict)
    for row in view.reader.records(Knot, "rule_knots"):
        if row.score == question.score:
            published[row.measure][row.x] = row.points
    asked: dict[str, dict[float, float]] = defaultdict(dict)
    for knot in question.knots:
        if knot.score != question.score or knot.measure not in published:
            raise bad_request(
                f"{question.score} has no measure {knot.measure}; it has {', '.join(published)}.",
                "knots",
            )
        if knot.x in asked[knot.measure]:
            raise bad_request(f"{knot.measure} has two knots at {knot.x:g}.", "knots")
        asked[knot.measure][knot.x] = knot.points
    for measure, curve in asked.items():
        if len(curve) < 2:
            raise bad_request(f"{measure} needs at least two knots.", "knots")
    return [
        {"measure": measure, "x": x, "points": points}
        for measure, curve in (published | asked).items()
        for x, points in sorted(curve.items())
    ]


def what_if(view: CallerView, question: WhatIf) -> WhatIfAnswer:
    """Score everybody anew from the measures behind the published scores.

    Raises Problem (400) for weights that do not sum to 1, or for unknown names.
    """
    weights = _weights(view, question)
    parameters = {
        "score": question.score,
        "components": list(weights),
        "weights": list(weights.values()),
        "knots": _knots(view, question),
    }
    # One statement per cursor: what is read in full first may be built upon.
    view.reader.execute_text("drop table if exists temp.scored_anew")
    view.reader.execute("what_if", regions=view.caller.region_list, **parameters)
    distributions = []
    for side in ("before", "after"):
        shares = view.rows("what_if_share", side=side)
        bins = {row["bin"]: row["customers"] for row in view.rows("what_if_bin", side=side)}
        distributions.append(
            Distribution(
                mean=view.value("what_if_mean", side=side),
                by_label=msgspec.convert(shares, list[Share]),
                histogram=[bins.get(number, 0) for number in range(10)],
            )
        )
    (changed,) = view.rows("what_if_changed")
    answer = WhatIfAnswer(
        as_of=view.reader.snapshot.as_of,
        score=question.score,
        before=distributions[0],
        after=distributions[1],
        movers_up=view.reader.records(Mover, "what_if_movers", direction=1, row_limit=MOVERS),
        movers_down=view.reader.records(Mover, "what_if_movers", direction=-1, row_limit=MOVERS),
        customers_changing_label=changed["customers"],
        mrr_changing_label_usd=changed["mrr_usd"],
    )
    view.reader.execute_text("drop table temp.scored_anew")
    return answer
