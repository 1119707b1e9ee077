"""The whole portfolio: summary, rows for charts and tables, what-if."""

from datetime import date
from typing import Annotated

import msgspec

from service.schemas.base import (
    AsOf,
    ChurnRiskLevel,
    HealthCategory,
    LifecycleStage,
    Schema,
    ScoreName,
    Severity,
    Usd,
)
from service.schemas.customer import Measure


class Share(Schema):
    """Customers and revenue of one group."""

    name: str
    customers: int
    mrr_usd: Usd


class SeverityCount(Schema):
    """Alerts of one severity."""

    severity: Severity
    count: int


class RecommendationTotals(Schema):
    """Recommendations by state; observed is the change of ARR since, not its effect."""

    open: int
    executed: int
    dismissed: int
    estimated_open_usd: Usd
    estimated_executed_usd: Usd
    observed_executed_usd: Usd


class TrendPoint(Schema):
    """The portfolio at one scored date."""

    as_of: date
    customers: int
    mrr_usd: Usd
    nrr: float | None
    grr: float | None
    revenue_at_risk_usd: Usd
    healthy: int
    at_risk: int
    critical: int
    unknown: int


class Movement(Schema):
    """How monthly revenue moved in a month: opening and the parts give closing."""

    month: date
    opening_usd: float
    new_usd: float
    expansion_usd: float
    contraction_usd: float
    churned_usd: float
    closing_usd: float


class TopRisk(Schema):
    """One of the customers with the most revenue at risk."""

    customer_id: str
    customer_name: str
    region: str | None
    segment: str | None
    owner_name: str | None
    health_score: float | None
    health_category: HealthCategory
    churn_risk_score: float | None
    churn_risk_level: ChurnRiskLevel
    arr_usd: Usd
    days_to_expiry: int | None


class ConcentrationPoint(Schema):
    """Share of annual revenue that the largest customers bring."""

    customers: int
    revenue_share: float


class Summary(Schema):
    """Executive summary of the customers that the caller may see."""

    as_of: AsOf
    previous_as_of: date | None
    kpis: list[Measure]
    by_health: list[Share]
    by_churn: list[Share]
    by_region: list[Share]
    by_segment: list[Share]
    by_stage: Annotated[
        list[Share],
        msgspec.Meta(
            description="All customers by lifecycle stage; prospects and former customers are not "
            "among `customers`."
        ),
    ]
    alerts: list[SeverityCount]
    recommendations: RecommendationTotals
    trend: list[TrendPoint]
    movement: list[Movement]
    top_risks: list[TopRisk]
    concentration: list[ConcentrationPoint]


class PortfolioColumns(Schema):
    """One list per column, all of the same length and order."""

    customer_id: list[str]
    customer_name: list[str]
    customer_kind: list[str | None]
    region: list[str | None]
    segment: list[str | None]
    country_code: list[str | None]
    owner_name: list[str | None]
    lifecycle_stage: list[LifecycleStage | None]
    left_on: list[date | None]
    leaves_on: list[date | None]
    health_score: list[float | None]
    health_category: list[str | None]
    health_score_change: list[float | None]
    churn_risk_score: list[float | None]
    churn_risk_level: list[str | None]
    churn_risk_score_change: list[float | None]
    mrr_usd: list[float | None]
    arr_usd: list[float | None]
    annual_revenue_usd: list[float | None]
    yoy_growth: list[float | None]
    active_services: list[float | None]
    days_to_expiry: list[float | None]
    max_days_overdue: list[float | None]
    usage_change_90d: list[float | None]
    days_since_last_contact: list[float | None]
    open_alerts: list[float | None]
    health_history: list[list[float | None]]


class Portfolio(Schema):
    """Top-level customers, largest revenue first, at most 100,000."""

    as_of: AsOf
    previous_as_of: date | None
    total: int
    columns: PortfolioColumns


class ComponentWeight(Schema):
    """Weight of a component in a score."""

    score: ScoreName
    component: str
    weight: Annotated[float, msgspec.Meta(ge=0, le=1)]


class MeasureWeight(Schema):
    """Weight of a measure in a component."""

    score: ScoreName
    component: str
    measure: str
    weight: float


class Knot(Schema):
    """One knot of a measure's curve: points at x, linear between knots."""

    score: ScoreName
    measure: str
    x: Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]
    points: Annotated[float, msgspec.Meta(ge=0, le=100)]


class AlertRule(Schema):
    """One row of the alert rules."""

    alert_code: str
    alert_type: str
    severity: Severity
    metric: str
    condition: str
    message: str
    stages: list[LifecycleStage]
    enabled: bool


class RecommendationRule(Schema):
    """One recommendation rule with its conditions, all of which must hold."""

    rule_id: str
    priority: Severity
    category: str
    action: str
    title: str
    expected_outcome: str
    impact: str
    conditions: list[str]
    cooldown_days: int | None
    stages: list[LifecycleStage]
    enabled: bool


class Rules(Schema):
    """Everything that decides about scores, alerts and recommendations, as published."""

    components: list[ComponentWeight]
    measures: list[MeasureWeight]
    knots: list[Knot]
    alert_rules: list[AlertRule]
    recommendation_rules: list[RecommendationRule]
    as_of: AsOf


class WhatIf(Schema):
    """New component weights and knots of one score; what is left out stays as published."""

    score: ScoreName
    components: Annotated[list[ComponentWeight], msgspec.Meta(max_length=20)]
    knots: Annotated[list[Knot], msgspec.Meta(max_length=200)]


class Distribution(Schema):
    """How a score is spread: customers by label, and in ten bins of ten points."""

    mean: float | None
    by_label: list[Share]
    histogram: list[int]


class Mover(Schema):
    """A customer whose score would change."""

    customer_id: str
    customer_name: str
    before: float
    after: float
    label_before: str
    label_after: str
    mrr_usd: Usd


class WhatIfAnswer(Schema):
    """The score as published and as it would be, over top-level customers."""

    as_of: AsOf
    score: ScoreName
    before: Distribution
    after: Distribution
    movers_up: list[Mover]
    movers_down: list[Mover]
    customers_changing_label: int
    mrr_changing_label_usd: Usd
