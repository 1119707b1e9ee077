"""What all requests share: the warehouse, the state store and what is known of it in memory."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.problems import Problem, not_published
from service.queries.caller_view import CallerView
from service.settings import Settings
from service.state.actions import Decisions, follow, load_decisions
from service.state.store import ACCESS, DECISIONS, StateStore, digest
from service.state.tokens import Caller, live_callers
from service.warehouse import Reader, Snapshot, Warehouse

POLL_SECONDS = 0.2

Result = TypeVar("Result")
log = structlog.get_logger()


@dataclass(slots=True)
class RequestContext:
    """One request under way: who asks, on which build, as what."""

    request_id: str
    caller: Caller | None = None
    snapshot: Snapshot | None = None
    session_secret: str | None = None

    @property
    def known_caller(self) -> Caller:
        """The caller. Raises Problem (401) where there is none."""
        if self.caller is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "Send an API token (Authorization: Bearer ...) or sign in. "
                "`python -m service token add` makes a token.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return self.caller

    @property
    def build(self) -> Snapshot:
        """The build that answers. Raises Problem (503) where none is published."""
        if self.snapshot is None:
            raise not_published()
        return self.snapshot


class AppState:
    """Opened once per process. Other processes' writes are seen within POLL_SECONDS."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = StateStore(settings.state_url)
        self.warehouse = Warehouse(settings)
        self.decisions = Decisions()
        self.by_token: dict[str, Caller] = {}
        self.by_session: dict[str, Caller] = {}
        self._followed: tuple[tuple[str, int], Decisions] | None = None
        self.access_revision = -1
        self.state_problem: str | None = None
        # Set by the outbox: tells it that something is to be delivered.
        self.wake_outbox: Callable[[], None] = lambda: None
        # One writer at a time is what SQLite does anyway; readers share the rest.
        self.executor = ThreadPoolExecutor(2, thread_name_prefix="state")
        self._task: asyncio.Task[None] | None = None
        self._refreshing = asyncio.Lock()

    async def start(self) -> None:
        """Migrate the state store, read it, open the warehouse."""
        await self.in_store(self.store.migrate)
        await self.refresh()
        await self.warehouse.start()
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Close everything."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self.warehouse.stop()
        self.executor.shutdown(wait=True)
        self.store.close()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self.refresh()
                self.state_problem = None
            except SQLAlchemyError as error:
                if self.state_problem is None:
                    log.warning("state store does not answer", reason=str(error).splitlines()[0])
                self.state_problem = "The state store does not answer."
            except Exception:
                log.exception("reading the state store failed")

    async def in_store(self, work: Callable[[], Result]) -> Result:
        """Run work on the state store, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, work)

    async def refresh(self) -> None:
        """Read what changed in the state store since the last time."""
        async with self._refreshing:
            revisions = await self.in_store(self.store.revisions)
            if revisions[ACCESS] != self.access_revision:
                callers = await self.in_store(lambda: live_callers(self.store))
                self.by_token, self.by_session = callers
                self.access_revision = revisions[ACCESS]
            if revisions[DECISIONS] != self.decisions.revision:
                self.decisions = await self.in_store(lambda: load_decisions(self.store))

    async def write(self, work: Callable[[], Result]) -> Result:
        """Change the state store, and see the change in this process before the answer.

        Raises Problem (503) where the store does not answer; nothing was recorded then.
        """
        try:
            result = await self.in_store(work)
            await self.refresh()
        except SQLAlchemyError as error:
            log.exception("state store refused a write")
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "The state store does not answer; it is not certain that this was recorded. "
                "Try again: nothing is recorded twice.",
                headers={"Retry-After": "5"},
            ) from error
        return result

    async def read(self, context: RequestContext, work: Callable[[CallerView], Result]) -> Result:
        """Answer from the build of a request, as its caller may see it."""
        caller, decisions = context.known_caller, self.decisions_of(context.build)

        def answer(reader: Reader) -> Result:
            return work(CallerView(reader, decisions, caller))

        return await self.warehouse.read(context.build, answer)

    def decisions_of(self, snapshot: Snapshot) -> Decisions:
        """Every decision, under the ids that customers have in a build."""
        key = (snapshot.build_id, self.decisions.revision)
        if self._followed is None or self._followed[0] != key:
            self._followed = (key, follow(self.decisions, snapshot.aliases))
        return self._followed[1]

    async def caller_of(self, token: str | None, session: str | None) -> Caller | None:
        """Who holds a token or a live session.

        One that is not known here may have been made a moment ago by another process, so the
        store is asked before it is refused.
        """
        caller = self._known_caller(token, session)
        if caller is None and (token or session):
            # Where the store does not answer, `_watch` says so; nobody new can be let in.
            with suppress(SQLAlchemyError):
                await self.refresh()
            caller = self._known_caller(token, session)
        return caller

    def _known_caller(self, token: str | None, session: str | None) -> Caller | None:
        if token is not None:
            return self.by_token.get(digest(token))
        if session is not None:
            caller = self.by_session.get(digest(session))
            if caller and caller.expires_at and caller.expires_at > datetime.now(UTC):
                return caller
        return None


def context_of(scope: Any) -> RequestContext:
    """Return the context that the outermost layer opened for a request."""
    context: RequestContext = scope["customer360"]
    return context
