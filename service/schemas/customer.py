"""Customers: list, document, scores, evidence, timeline."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from service.schemas.actions import Alert, Recommendation
from service.schemas.base import (
    AsOf,
    ChurnRiskLevel,
    CustomerKind,
    CustomerRef,
    HealthCategory,
    LifecycleStage,
    Next,
    Schema,
    ScoreName,
    Total,
    Usd,
)


class CustomerSummary(Schema):
    """One customer in a list; prospects and former customers are not scored."""

    customer_id: str
    customer_name: str
    customer_kind: CustomerKind
    region: str | None
    segment: str | None
    country_code: str | None
    owner_name: str | None
    lifecycle_stage: LifecycleStage | None
    left_on: date | None
    leaves_on: date | None
    mrr_usd: Usd
    health_score: float | None
    health_category: HealthCategory | None
    churn_risk_score: float | None
    churn_risk_level: ChurnRiskLevel | None
    open_alerts: int


class CustomerPage(Schema):
    """One page of customers; `hint` says what to try when nothing was found."""

    items: list[CustomerSummary]
    total: Total
    next: Next
    hint: str | None
    as_of: AsOf


class Measure(Schema):
    """A metric now and at the scored date before."""

    metric: str
    value: float | None
    previous_value: float | None
    previous_as_of: date | None


class Component(Schema):
    """What a component gives to a score; weight is after scaling for missing components."""

    component: str
    weight: float | None
    points: float | None
    contribution: float | None


class Score(Schema):
    """A score with its label, its coverage (share of weights with data) and its components.

    Label and coverage are null at a lifecycle stage that is not scored.
    """

    score: ScoreName
    value: float | None
    label: str | None
    previous_value: float | None
    previous_as_of: date | None
    coverage: float | None
    components: list[Component]


class AccountLink(Schema):
    """Why an account belongs to its master: its strongest link."""

    method: str
    confidence: float | None
    similarity: float | None
    evidence: str | None


class LinkedAccount(Schema):
    """An account of the same master account."""

    account_id: str
    account_name: str
    region: str | None
    country_code: str | None
    mrr_usd: Usd
    health_score: float | None
    health_category: HealthCategory | None
    link: AccountLink | None


class Contact(Schema):
    """A person at the customer; masked for callers without the right to personal data."""

    contact_id: str
    account_id: str
    region: str | None
    full_name: str | None
    title: str | None
    email: str | None
    phone: str | None


class WorstMember(Schema):
    """The account of a master with the lowest health."""

    customer_id: str
    customer_name: str
    region: str | None
    health_score: float


class FormerId(Schema):
    """An id under which the customer was known, until the account was merged away."""

    former_customer_id: str
    ended_on: date
    reason: str


class Customer(Schema):
    """Everything about one customer on one page."""

    customer_id: str
    customer_name: str
    customer_kind: CustomerKind
    region: str | None
    country_code: str | None
    segment: str | None
    industry: str | None
    owner_name: str | None
    website: str | None
    customer_since: date | None
    contract_end_date: date | None
    lifecycle_stage: LifecycleStage | None
    left_on: date | None
    leaves_on: date | None
    lost_mrr_usd: Annotated[
        float | None,
        msgspec.Meta(
            description="Monthly revenue of a former customer on its last day with a service, at "
            "today's rates."
        ),
    ]
    mrr_source: str | None
    revenue_source: str | None
    master: CustomerRef | None
    former_ids: list[FormerId]
    parent: CustomerRef | None
    children: list[CustomerRef]
    worst_member: WorstMember | None
    accounts: list[LinkedAccount]
    contacts: list[Contact]
    metrics: list[Measure]
    health: Score
    churn: Score
    alerts: list[Alert]
    recommendations: list[Recommendation]
    as_of: AsOf
    previous_as_of: date | None


class Contribution(Schema):
    """What one measure gives to a score: contributions add up to the unrounded score."""

    score: ScoreName
    component: str
    measure: str
    value: float | None
    points: float | None
    weight: float | None
    contribution: float | None
    previous_value: float | None
    previous_contribution: float | None
    change: Annotated[
        float | None,
        msgspec.Meta(description="Part of the score's change since the scored date before."),
    ]
    driver: str


class HistoryPoint(Schema):
    """Scores and revenue at one scored date."""

    as_of: date
    lifecycle_stage: LifecycleStage | None
    health_score: float | None
    health_category: HealthCategory | None
    churn_risk_score: float | None
    churn_risk_level: ChurnRiskLevel | None
    mrr_usd: Usd
    annual_revenue_usd: Usd


class ScoreHistory(Schema):
    """Both scores taken apart, and what they were at the month ends before."""

    customer_id: str
    contributions: list[Contribution]
    history: list[HistoryPoint]
    as_of: AsOf
    previous_as_of: date | None


class Evidence(Schema):
    """The source rows behind one measure, newest first."""

    measure: str
    columns: list[str]
    rows: list[list[str | float | bool | None]]
    truncated: bool
    as_of: AsOf


class TimelineEvent(Schema):
    """Something that happened with a customer."""

    event_id: str
    account_id: str | None
    event_type: str
    event_subtype: str | None
    occurred_at: datetime
    title: str
    description: str | None
    amount_usd: Usd
    status: str | None
    source_object: str | None
    source_id: str | None


class TimelinePage(Schema):
    """One page of events, newest first."""

    items: list[TimelineEvent]
    total: Total
    next: Next
    as_of: AsOf
