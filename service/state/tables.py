"""Tables of the state store. Timestamps are naive UTC, ids are lower-case hexadecimal."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

token = Table(
    "token",
    metadata,
    Column("token_id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("regions", JSON),
    Column("may_see_personal_data", Boolean, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("revoked_at", DateTime),
)

session = Table(
    "session",
    metadata,
    Column("session_hash", String(64), primary_key=True),
    Column("token_id", String(32), ForeignKey("token.token_id"), nullable=False),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False, index=True),
)

# A recommendation may be executed again once its condition has fired anew: `occurrence` counts.
action = Table(
    "action",
    metadata,
    Column("action_id", String(32), primary_key=True),
    Column("recommendation_id", String(64), nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("idempotency_key", String(200)),
    Column("token_id", String(32), nullable=False),
    Column("customer_id", String(40), nullable=False, index=True),
    Column("account_id", String(18), nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("rule_id", String(40), nullable=False),
    Column("action", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("note", Text),
    Column("due_on", Date),
    Column("assignee", Text),
    Column("executed_by", String(200), nullable=False),
    Column("executed_at", DateTime, nullable=False, index=True),
    Column("estimated_impact_usd", Float),
    Column("arr_usd", Float),
    UniqueConstraint("recommendation_id", "occurrence"),
    UniqueConstraint("token_id", "idempotency_key"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("action_id", String(32), ForeignKey("action.action_id"), primary_key=True),
    Column("state", String(20), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", DateTime, nullable=False),
    Column("detail", Text),
    Column("salesforce_task_id", String(18)),
    Column("delivered_at", DateTime),
)

dismissal = Table(
    "dismissal",
    metadata,
    Column("recommendation_id", String(64), primary_key=True),
    Column("customer_id", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("dismissed_by", String(200), nullable=False),
    Column("dismissed_at", DateTime, nullable=False),
)

alert_state = Table(
    "alert_state",
    metadata,
    Column("alert_id", String(64), primary_key=True),
    Column("customer_id", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("note", Text),
    Column("snoozed_until", Date),
    Column("changed_by", String(200), nullable=False),
    Column("changed_at", DateTime, nullable=False),
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("audit_event_id", Integer, primary_key=True, autoincrement=True),
    Column("occurred_at", DateTime, nullable=False, index=True),
    Column("request_id", String(64)),
    Column("caller", String(200), nullable=False),
    Column("operation", String(40), nullable=False),
    Column("object_id", String(200), nullable=False),
    Column("detail", JSON),
)

# Counts the writes, so that a process sees in one row that something changed.
revision = Table(
    "revision",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
)
