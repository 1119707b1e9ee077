"""What people decided about recommendations and alerts."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import sqlalchemy as sa

from service.aliases import Aliases
from service.problems import Problem
from service.schemas.actions import Execute
from service.schemas.base import AlertState, RecommendationState
from service.state import tables
from service.state.store import DECISIONS, StateStore, audit, now
from service.state.tokens import Caller


def reference(action_id: str) -> str:
    """What ends the subject of an action's Task, to find it again."""
    return f"C360-{action_id[:12]}"


def fired_anew(since: date, decided_on: date) -> bool:
    """Whether a condition was quiet on a scored date on or after a decision about it.

    Before `since`, the first day of an unbroken run, the last scored date is the end of the month
    before: there the condition was quiet.
    """
    return since.replace(day=1) - timedelta(days=1) >= decided_on


@dataclass(frozen=True, slots=True)
class Decision:
    """The state of a recommendation or an alert, and who brought it about."""

    state: str
    by: str | None = None
    at: datetime | None = None
    note: str | None = None
    snoozed_until: date | None = None


OPEN = Decision("open")
NEVER = datetime(1, 1, 1)  # noqa: DTZ001 - naive UTC, as the store keeps it


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions, in memory, as of one revision of the store."""

    revision: int = -1
    # Newest first; rows of the tables action and outbox together.
    actions: list[dict[str, Any]] = field(default_factory=list)
    newest_action: dict[str, dict[str, Any]] = field(default_factory=dict)
    actions_of_customer: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    dismissals: dict[str, dict[str, Any]] = field(default_factory=dict)
    alert_states: dict[str, dict[str, Any]] = field(default_factory=dict)

    def recommendation(
        self, recommendation_id: str, fired_on: date, cooldown_days: int, as_of: date
    ) -> Decision:
        """What was decided about a recommendation and still holds."""
        decisions = []
        action = self.newest_action.get(recommendation_id)
        if action:
            state: RecommendationState = "executed"
            decisions.append(
                Decision(state, action["executed_by"], action["executed_at"], action["note"])
            )
        dismissal = self.dismissals.get(recommendation_id)
        if dismissal:
            state = "dismissed"
            decisions.append(
                Decision(
                    state,
                    dismissal["dismissed_by"],
                    dismissal["dismissed_at"],
                    dismissal["reason"],
                )
            )
        decisions = [
            decision
            for decision in decisions
            if decision.at
            and not (
                as_of >= decision.at.date() + timedelta(days=cooldown_days)
                and fired_anew(fired_on, decision.at.date())
            )
        ]
        return max(decisions, key=lambda decision: decision.at or NEVER, default=OPEN)

    def alert(self, alert_id: str, opened_on: date, as_of: date) -> Decision:
        """What was decided about an alert and still holds."""
        row = self.alert_states.get(alert_id)
        if row is None or fired_anew(opened_on, row["changed_at"].date()):
            return OPEN
        if row["state"] == "snoozed" and as_of > row["snoozed_until"]:
            return OPEN
        return Decision(
            row["state"], row["changed_by"], row["changed_at"], row["note"], row["snoozed_until"]
        )


def follow(decisions: Decisions, aliases: Aliases) -> Decisions:
    """Return the decisions under the ids that customers have now.

    What was decided under a former id holds for the customer that stands in its place; where both
    were decided about, the newer decision holds.
    """
    moved = aliases.customer_of.keys()
    if not moved or not any(
        row["customer_id"] in moved
        for row in (
            *decisions.actions,
            *decisions.dismissals.values(),
            *decisions.alert_states.values(),
        )
    ):
        return decisions

    def current(row: dict[str, Any], key: str) -> dict[str, Any]:
        customer_id = row["customer_id"]
        return row | {
            key: aliases.current_key(row[key], customer_id),
            "customer_id": aliases.customer_of.get(customer_id, customer_id),
        }

    def newest(rows: Iterable[dict[str, Any]], key: str, at: str) -> dict[str, dict[str, Any]]:
        return {
            row[key]: row
            for row in sorted((current(row, key) for row in rows), key=lambda row: row[at])
        }

    return _indexed(
        decisions.revision,
        [current(row, "recommendation_id") for row in decisions.actions],
        newest(decisions.dismissals.values(), "recommendation_id", "dismissed_at"),
        newest(decisions.alert_states.values(), "alert_id", "changed_at"),
    )


def _indexed(
    revision: int,
    actions: list[dict[str, Any]],
    dismissals: dict[str, dict[str, Any]],
    alert_states: dict[str, dict[str, Any]],
) -> Decisions:
    newest: dict[str, dict[str, Any]] = {}
    of_customer: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in actions:
        newest.setdefault(row["recommendation_id"], row)
        of_customer[row["customer_id"]].append(row)
    return Decisions(
        revision=revision,
        actions=actions,
        newest_action=newest,
        actions_of_customer=dict(of_customer),
        dismissals=dismissals,
        alert_states=alert_states,
    )


def load_decisions(store: StateStore) -> Decisions:
    """Read every decision."""
    return _indexed(
        store.revisions()[DECISIONS],
        store.rows(
            sa.select(
                tables.action, *(column for column in tables.outbox.c if column.key != "action_id")
            )
            .join_from(tables.action, tables.outbox)
            .order_by(tables.action.c.executed_at.desc(), tables.action.c.action_id)
        ),
        {row["recommendation_id"]: row for row in store.rows(sa.select(tables.dismissal))},
        {row["alert_id"]: row for row in store.rows(sa.select(tables.alert_state))},
    )


@dataclass(frozen=True, slots=True)
class Recommended:
    """The recommendation that is executed, as published."""

    recommendation_id: str
    # What its id was while the customer had another.
    former_ids: tuple[str, ...]
    customer_id: str
    # The account that the Task goes to: the customer's own, or a master's largest.
    account_id: str
    customer_name: str
    rule_id: str
    action: str
    title: str
    estimated_impact_usd: float | None
    arr_usd: float | None
    fired_on: date
    cooldown_days: int
    as_of: date


def execute(
    store: StateStore,
    recommended: Recommended,
    order: Execute,
    caller: Caller,
    *,
    idempotency_key: str | None,
    request_id: str,
) -> tuple[str, bool]:
    """Record the execution and its delivery, durably; return the action's id and whether it is new.

    A second execution, or one with a key that was used before, returns the first. An action that
    the org refused is handed over again by a second execution, with what that one orders.

    Raises Problem (409) where the key was used for another recommendation.
    """
    with store.write(DECISIONS) as connection:
        if idempotency_key:
            used = connection.execute(
                sa.select(tables.action).where(
                    tables.action.c.token_id == caller.token_id,
                    tables.action.c.idempotency_key == idempotency_key,
                )
            ).first()
            if used and used.recommendation_id != recommended.recommendation_id:
                raise Problem(
                    HTTPStatus.CONFLICT,
                    "This Idempotency-Key was used for another recommendation. Use a new one.",
                    field="Idempotency-Key",
                )
            if used:
                return used.action_id, False
        newest = connection.execute(
            sa.select(tables.action)
            .where(
                tables.action.c.recommendation_id.in_(
                    (recommended.recommendation_id, *recommended.former_ids)
                )
            )
            .order_by(tables.action.c.executed_at.desc(), tables.action.c.occurrence.desc())
            .limit(1)
        ).first()
        occurrence = 1
        if newest:
            executed_on = newest.executed_at.date()
            is_over = recommended.as_of >= executed_on + timedelta(
                days=recommended.cooldown_days
            ) and fired_anew(recommended.fired_on, executed_on)
            if not is_over:
                _hand_over_again(
                    connection, newest.action_id, recommended, order, caller, request_id
                )
                return newest.action_id, False
            occurrence = newest.occurrence + 1
        action_id = secrets.token_hex(16)
        connection.execute(
            sa.insert(tables.action).values(
                action_id=action_id,
                recommendation_id=recommended.recommendation_id,
                occurrence=occurrence,
                idempotency_key=idempotency_key,
                token_id=caller.token_id,
                customer_id=recommended.customer_id,
                account_id=recommended.account_id,
                customer_name=recommended.customer_name,
                rule_id=recommended.rule_id,
                action=recommended.action,
                title=recommended.title,
                note=order.note,
                due_on=order.due_on,
                assignee=order.assignee,
                executed_by=caller.name,
                executed_at=now(),
                estimated_impact_usd=recommended.estimated_impact_usd,
                arr_usd=recommended.arr_usd,
            )
        )
        connection.execute(
            sa.insert(tables.outbox).values(
                action_id=action_id, state="pending", attempts=0, next_attempt_at=now()
            )
        )
        audit(
            connection,
            caller=caller.name,
            operation="execute",
            object_id=recommended.recommendation_id,
            request_id=request_id,
            detail={"action_id": action_id, "customer_id": recommended.customer_id},
        )
    return action_id, True


def _hand_over_again(
    connection: sa.Connection,
    action_id: str,
    recommended: Recommended,
    order: Execute,
    caller: Caller,
    request_id: str,
) -> None:
    """Put an action back into the outbox where its delivery has failed for good."""
    revived = connection.execute(
        sa.update(tables.outbox)
        .where(tables.outbox.c.action_id == action_id, tables.outbox.c.state == "failed")
        .values(state="pending", attempts=0, detail=None, next_attempt_at=now())
    )
    if not revived.rowcount:
        return
    connection.execute(
        sa.update(tables.action)
        .where(tables.action.c.action_id == action_id)
        .values(
            account_id=recommended.account_id,
            note=order.note,
            due_on=order.due_on,
            assignee=order.assignee,
        )
    )
    audit(
        connection,
        caller=caller.name,
        operation="execute again",
        object_id=recommended.recommendation_id,
        request_id=request_id,
        detail={"action_id": action_id, "customer_id": recommended.customer_id},
    )


def _replace(connection: sa.Connection, table: sa.Table, key: str, values: dict[str, Any]) -> None:
    """Write the one row of a key."""
    connection.execute(sa.delete(table).where(table.c[key] == values[key]))
    connection.execute(sa.insert(table).values(values))


def dismiss(
    store: StateStore,
    recommendation_id: str,
    customer_id: str,
    reason: str,
    caller: Caller,
    request_id: str,
) -> None:
    """Set a recommendation aside."""
    with store.write(DECISIONS) as connection:
        _replace(
            connection,
            tables.dismissal,
            "recommendation_id",
            {
                "recommendation_id": recommendation_id,
                "customer_id": customer_id,
                "reason": reason,
                "dismissed_by": caller.name,
                "dismissed_at": now(),
            },
        )
        audit(
            connection,
            caller=caller.name,
            operation="dismiss",
            object_id=recommendation_id,
            request_id=request_id,
            detail={"reason": reason},
        )


def set_alert_state(
    store: StateStore,
    alert_id: str,
    customer_id: str,
    state: AlertState,
    caller: Caller,
    request_id: str,
    *,
    note: str | None,
    snoozed_until: date | None = None,
) -> None:
    """Acknowledge or snooze an alert."""
    with store.write(DECISIONS) as connection:
        _replace(
            connection,
            tables.alert_state,
            "alert_id",
            {
                "alert_id": alert_id,
                "customer_id": customer_id,
                "state": state,
                "note": note,
                "snoozed_until": snoozed_until,
                "changed_by": caller.name,
                "changed_at": now(),
            },
        )
        audit(
            connection,
            caller=caller.name,
            operation=state,
            object_id=alert_id,
            request_id=request_id,
            detail={"note": note, "until": str(snoozed_until) if snoozed_until else None},
        )
