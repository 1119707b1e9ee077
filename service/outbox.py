"""Delivery of executed actions to Salesforce, as Tasks.

Recorded first, delivered after: at least once, with a reference at the end of the Task's subject
that is looked for before anything is created, so that a Task lands exactly once whatever fails
between the two. Any process may deliver; a lease keeps two from delivering the same action.
"""

import asyncio
import random
from contextlib import suppress
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.app_state import AppState
from service.salesforce import DeliveryError, TaskClient, connection_settings
from service.state import tables
from service.state.actions import reference
from service.state.store import DECISIONS, now

LONGEST_WAIT = timedelta(minutes=15)
LEASE = timedelta(minutes=2)
POLL_SECONDS = 2.0
# Days of retries before a person has to look: refusals do not go away on their own.
MOST_ATTEMPTS = 200
NO_ORG = (
    "No Salesforce org is configured and no sandbox org is running; the action is delivered when "
    "there is one."
)
log = structlog.get_logger()


class Outbox:
    """Delivers what is pending, one action at a time, in the background."""

    def __init__(self, app_state: AppState) -> None:
        self.app_state = app_state
        self.client: TaskClient | None = None
        self.wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver."""
        self.app_state.wake_outbox = self.wake.set
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; what is pending stays pending."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake.wait(), POLL_SECONDS)
            self.wake.clear()
            try:
                while await asyncio.to_thread(self.deliver_next):
                    await self.app_state.refresh()
                await self.app_state.refresh()
            except SQLAlchemyError:
                log.warning("outbox waits for the state store")
            except Exception:
                log.exception("outbox failed")

    def deliver_next(self) -> bool:
        """Deliver the action that waits longest; False when none is due."""
        action = self._claim()
        if action is None:
            return False
        try:
            settings = connection_settings(self.app_state.settings.data)
            if settings is None:
                self._record(action, "pending", NO_ORG, wait=timedelta(seconds=30))
                return True
            if self.client is None or self.client.settings != settings:
                self.client = TaskClient(settings)
            task_id = self.client.deliver(action, reference(action["action_id"]))
        except DeliveryError as error:
            self.client = None
            attempts = action["attempts"] + 1
            state, advice = "pending", "It is tried again."
            if error.is_final:
                state, advice = "failed", "Put right what it names, and execute again."
            elif attempts >= MOST_ATTEMPTS:
                state, advice = "failed", f"Tried {attempts} times: see to it, and execute again."
            log.warning("delivery failed", action_id=action["action_id"], error=str(error))
            self._record(action, state, f"{error} {advice}", wait=_wait(action))
            return True
        log.info("delivered", action_id=action["action_id"], task_id=task_id)
        self._record(action, "delivered", None, task_id=task_id)
        return True

    def _claim(self) -> dict[str, Any] | None:
        """Lease the next due action."""
        present = now()
        due = (
            sa.select(tables.action, tables.outbox.c.attempts)
            .join_from(tables.outbox, tables.action)
            .where(tables.outbox.c.state == "pending", tables.outbox.c.next_attempt_at <= present)
            .order_by(tables.outbox.c.next_attempt_at, tables.action.c.action_id)
            .limit(1)
        )
        if not self.app_state.store.rows(due):
            return None
        with self.app_state.store.write(DECISIONS) as connection:
            row = connection.execute(due).mappings().first()
            if row is None:
                return None
            connection.execute(
                sa.update(tables.outbox)
                .where(tables.outbox.c.action_id == row["action_id"])
                .values(next_attempt_at=present + LEASE)
            )
            return dict(row)

    def _record(
        self,
        action: dict[str, Any],
        state: str,
        detail: str | None,
        *,
        wait: timedelta = timedelta(),
        task_id: str | None = None,
    ) -> None:
        delivered_at = now() if state == "delivered" else None
        with self.app_state.store.write(DECISIONS) as connection:
            connection.execute(
                sa.update(tables.outbox)
                .where(tables.outbox.c.action_id == action["action_id"])
                .values(
                    state=state,
                    attempts=action["attempts"] + 1,
                    detail=detail,
                    salesforce_task_id=task_id,
                    next_attempt_at=now() + wait,
                    delivered_at=delivered_at,
                )
            )


def _wait(action: dict[str, Any]) -> timedelta:
    """Exponential with jitter, bounded."""
    seconds = min(LONGEST_WAIT.total_seconds(), 2.0 ** min(action["attempts"], 12))
    return timedelta(seconds=seconds * (0.5 + random.random() / 2))  # noqa: S311 - jitter
