"""What there is to do and what was done: alerts, recommendations, actions, Today."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from service.schemas.base import (
    AlertState,
    AsOf,
    ChurnRiskLevel,
    CustomerRef,
    DeliveryState,
    HealthCategory,
    Next,
    RecommendationState,
    Schema,
    Severity,
    Total,
    Usd,
)

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, examples=["Called the CFO."])]

Stake = Annotated[
    float | None,
    msgspec.Meta(
        description="Money at stake: what is overdue, else ARR times the share of customers at the "
        "churn level that left; null where it is not known."
    ),
]


class Alert(Schema):
    """A rule of `alert_rule.csv` that holds for a customer, and what was done about it."""

    alert_id: str
    customer_id: str
    customer_name: str
    region: str | None
    owner_name: str | None
    alert_code: str
    alert_type: str
    severity: Severity
    metric: str
    value: float | None
    threshold: float | None
    message: str
    stake_usd: Stake
    customer_stake_usd: Annotated[
        float | None,
        msgspec.Meta(description="At stake by all alerts of the customer; the same money once."),
    ]
    is_small: Annotated[
        bool,
        msgspec.Meta(
            description="The customer has less at stake than 0.5 % of its owner's monthly revenue."
        ),
    ]
    opened_on: date
    as_of: AsOf
    state: AlertState
    state_by: str | None
    state_at: datetime | None
    state_note: str | None
    snoozed_until: date | None
    mrr_usd: Usd


class AlertPage(Schema):
    """One page of alerts: the customer with the most at stake first, its alerts together."""

    items: list[Alert]
    total: Total
    next: Next
    as_of: AsOf


class Recommendation(Schema):
    """What a rule of `recommendation_rule.csv` advises for a customer, and what became of it."""

    recommendation_id: str
    customer_id: str
    customer_name: str
    region: str | None
    owner_name: str | None
    rule_id: str
    priority: Severity
    category: str
    action: str
    title: str
    expected_outcome: str
    estimated_impact_usd: Usd
    rank: int
    state: RecommendationState
    state_by: str | None
    state_at: datetime | None
    state_note: str | None
    as_of: AsOf


class RecommendationPage(Schema):
    """One page of recommendations: by priority, then by estimated impact."""

    items: list[Recommendation]
    total: Total
    next: Next
    as_of: AsOf


class Execute(Schema):
    """How a recommendation is carried out."""

    note: Note | None = None
    due_on: date | None = None
    assignee: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None


class Dismiss(Schema):
    """Why a recommendation is set aside."""

    reason: Note


class Acknowledge(Schema):
    """A note on an alert that someone has taken on."""

    note: Note | None = None


class Snooze(Schema):
    """Until when an alert is quiet, and why."""

    until: date
    reason: Note


class Action(Schema):
    """An executed recommendation and its delivery to Salesforce."""

    action_id: str
    reference: Annotated[str, msgspec.Meta(description="Ends the subject of the Task.")]
    recommendation_id: str
    customer_id: str
    customer_name: str
    rule_id: str
    action: str
    title: str
    note: str | None
    due_on: date | None
    assignee: str | None
    executed_by: str
    executed_at: datetime
    delivery_state: DeliveryState
    delivery_detail: str | None
    salesforce_task_id: str | None
    estimated_impact_usd: Usd
    observed_impact_usd: Annotated[
        float | None,
        msgspec.Meta(
            description="Change of ARR since the action; observed, not its effect. Null until a "
            "later day has been scored."
        ),
    ]


class ActionPage(Schema):
    """One page of actions, newest first, and how many recommendations were taken up."""

    items: list[Action]
    total: Total
    next: Next
    open_recommendations: int
    executed: int
    dismissed: int
    execution_rate: Annotated[
        float | None,
        msgspec.Meta(description="executed / (open + executed + dismissed)."),
    ]
    as_of: AsOf


class TodayItem(Schema):
    """A customer that needs someone today."""

    customer_id: str
    customer_name: str
    region: str | None
    owner_name: str | None
    severity: Severity
    health_score: float | None
    health_category: HealthCategory
    churn_risk_score: float | None
    churn_risk_score_change: float | None
    churn_risk_level: ChurnRiskLevel
    arr_usd: Usd
    stake_usd: Stake
    days_to_expiry: int | None
    reasons: list[str]
    recommendation: Recommendation | None


class LeavingCustomer(Schema):
    """A customer whose last day is known, or whose contract was given notice."""

    customer_id: str
    customer_name: str
    region: str | None
    owner_name: str | None
    leaves_on: Annotated[
        date | None,
        msgspec.Meta(description="Null where notice was given and no end is on record."),
    ]
    arr_usd: Usd
    health_score: float | None
    health_category: HealthCategory
    churn_risk_score: float | None
    churn_risk_level: ChurnRiskLevel
    reasons: list[str]


class Change(Schema):
    """What changed between the build before and this one, with up to ten customers."""

    kind: Literal[
        "became_high", "became_critical", "back_to_healthy", "alert_opened", "alert_closed"
    ]
    count: int
    customers: list[CustomerRef]


class Today(Schema):
    """Who needs someone today, and what changed since the build before."""

    as_of: AsOf
    previous_as_of: date | None
    customers_needing_attention: Annotated[
        int, msgspec.Meta(description="Without those that have little at stake.")
    ]
    stake_usd: Annotated[Usd, msgspec.Meta(description="What they have at stake together.")]
    arr_at_risk_usd: Annotated[Usd, msgspec.Meta(description="ARR of these customers.")]
    small_customers: Annotated[
        int,
        msgspec.Meta(
            description="Customers with less at stake than 0.5 % of their owner's monthly revenue."
        ),
    ]
    small_stake_usd: Annotated[Usd, msgspec.Meta(description="What these have at stake together.")]
    leaving_customers: int
    leaving_arr_usd: Usd
    leaving: Annotated[
        list[LeavingCustomer],
        msgspec.Meta(description="Those that leave first come first; not among `items`."),
    ]
    items: list[TodayItem]
    changed_since: Annotated[
        date | None,
        msgspec.Meta(description="Day of the build compared with; null when there is none."),
    ]
    changes: list[Change]
