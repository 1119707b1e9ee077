"""Types that several schemas share."""

from datetime import date
from typing import Annotated, Literal

import msgspec

Severity = Literal["HIGH", "MEDIUM", "LOW"]
HealthCategory = Literal["Healthy", "At-Risk", "Critical", "Unknown"]
ChurnRiskLevel = Literal["HIGH", "MEDIUM", "LOW", "Unknown"]
CustomerKind = Literal["account", "master"]
LifecycleStage = Literal["prospect", "former", "leaving", "onboarding", "active"]
StageFilter = Literal["prospect", "former", "leaving", "onboarding", "active", "scored", "all"]
ScoreName = Literal["health_score", "churn_risk_score"]
Role = Literal["viewer", "agent", "admin"]
AlertState = Literal["open", "acknowledged", "snoozed"]
RecommendationState = Literal["open", "executed", "dismissed"]
DeliveryState = Literal["pending", "delivered", "failed", "skipped"]

AsOf = Annotated[date, msgspec.Meta(description="Day of the data (UTC).")]
Next = Annotated[
    str | None,
    msgspec.Meta(description="Cursor of the next page; null on the last one."),
]
Total = Annotated[int, msgspec.Meta(description="Rows in all pages together.")]
Usd = Annotated[float | None, msgspec.Meta(description="US dollars; null when not known.")]


class Schema(msgspec.Struct, kw_only=True):
    """Every field is always present; what is not known is null."""


class CustomerRef(Schema):
    """A customer that another one points at."""

    customer_id: str
    customer_name: str
    region: str | None


class Problem(Schema, omit_defaults=True):
    """An error (RFC 9457): `detail` says what is wrong and what to do."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    reference: str | None = None
