"""The state store, the same on SQLite and PostgreSQL."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.__main__ import sign_in_link
from service.problems import Problem
from service.schemas.actions import Execute
from service.state import tables
from service.state.actions import (
    Recommended,
    dismiss,
    execute,
    fired_anew,
    load_decisions,
    set_alert_state,
)
from service.state.store import StateStore, StateStoreError
from service.state.tokens import (
    Caller,
    TokenError,
    add_token,
    live_callers,
    open_session,
    revoke_token,
)

pytestmark = pytest.mark.unit

ON_BOTH = pytest.mark.parametrize("state_url", ["sqlite", "postgresql"], indirect=True)
TODAY = date.today()  # noqa: DTZ011 - only a day for the tests
CALLER = Caller("0" * 32, "Ada", "agent", None, may_see_personal_data=True)
RECOMMENDED = Recommended(
    former_ids=(),
    recommendation_id="a" * 32,
    customer_id="001000000000001AAA",
    account_id="001000000000001AAA",
    customer_name="Karoo Freight",
    rule_id="R001",
    action="Schedule Urgent Retention Call",
    title="Contract ends soon",
    estimated_impact_usd=100.0,
    arr_usd=1000.0,
    fired_on=TODAY,
    cooldown_days=30,
    as_of=TODAY,
)


@pytest.fixture
def store(state_url: str) -> Iterator[StateStore]:
    opened = StateStore(state_url)
    opened.migrate()
    opened.migrate()
    yield opened
    opened.close()


@ON_BOTH
def test_the_migrations_give_the_tables(store: StateStore) -> None:
    with store.engine.connect() as connection:
        from alembic.autogenerate import compare_metadata  # noqa: PLC0415
        from alembic.migration import MigrationContext  # noqa: PLC0415

        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


@ON_BOTH
def test_two_who_execute_together_make_one_action(store: StateStore) -> None:
    def one(_: int) -> tuple[str, bool]:
        return execute(
            store, RECOMMENDED, Execute(), CALLER, idempotency_key=None, request_id="test"
        )

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(one, range(12)))
    assert len({action_id for action_id, _ in results}) == 1
    assert sum(is_new for _, is_new in results) == 1
    assert len(load_decisions(store).actions) == 1
    assert len(store.rows(sa.select(tables.audit_event))) == 1


@ON_BOTH
def test_an_idempotency_key_belongs_to_one_recommendation(store: StateStore) -> None:
    first = execute(store, RECOMMENDED, Execute(), CALLER, idempotency_key="k", request_id="t")
    again = execute(store, RECOMMENDED, Execute(), CALLER, idempotency_key="k", request_id="t")
    assert again == (first[0], False)
    other = Recommended(
        **{name: getattr(RECOMMENDED, name) for name in RECOMMENDED.__dataclass_fields__}
        | {"recommendation_id": "b" * 32}
    )
    with pytest.raises(Problem, match="another recommendation"):
        execute(store, other, Execute(), CALLER, idempotency_key="k", request_id="t")


@ON_BOTH
def test_an_executed_recommendation_returns_after_its_cooldown_when_it_fired_anew(
    store: StateStore,
) -> None:
    execute(store, RECOMMENDED, Execute(), CALLER, idempotency_key=None, request_id="t")
    work = load_decisions(store)
    month_after_next = (TODAY.replace(day=1) + timedelta(days=75)).replace(day=2)
    for fired_on, as_of, state in (
        (TODAY, TODAY, "executed"),
        (TODAY - timedelta(days=400), month_after_next, "executed"),
        (month_after_next, TODAY + timedelta(days=29), "executed"),
        (month_after_next, month_after_next, "open"),
    ):
        assert work.recommendation("a" * 32, fired_on, 30, as_of).state == state
    later = Recommended(
        **{name: getattr(RECOMMENDED, name) for name in RECOMMENDED.__dataclass_fields__}
        | {"fired_on": month_after_next, "as_of": month_after_next}
    )
    _, is_new = execute(store, later, Execute(), CALLER, idempotency_key=None, request_id="t")
    assert is_new


@ON_BOTH
def test_alerts_and_dismissals(store: StateStore) -> None:
    set_alert_state(store, "c" * 32, "001", "acknowledged", CALLER, "t", note="mine")
    work = load_decisions(store)
    assert work.alert("c" * 32, TODAY, TODAY).state == "acknowledged"
    recurred = (TODAY.replace(day=1) + timedelta(days=75)).replace(day=2)
    assert work.alert("c" * 32, recurred, recurred).state == "open"
    until = TODAY + timedelta(days=3)
    set_alert_state(
        store, "c" * 32, "001", "snoozed", CALLER, "t", note="later", snoozed_until=until
    )
    work = load_decisions(store)
    assert work.alert("c" * 32, TODAY, until).state == "snoozed"
    assert work.alert("c" * 32, TODAY, until + timedelta(days=1)).state == "open"
    dismiss(store, "d" * 32, "001", "no budget", CALLER, "t")
    dismiss(store, "d" * 32, "001", "still none", CALLER, "t")
    decision = load_decisions(store).recommendation("d" * 32, TODAY, 30, TODAY)
    assert (decision.state, decision.note) == ("dismissed", "still none")


@ON_BOTH
def test_tokens_are_hashed_and_revocable(store: StateStore) -> None:
    secret = add_token(store, "Ada", "agent", regions=["Africa"])
    with pytest.raises(TokenError, match="already"):
        add_token(store, "Ada", "agent")
    kept = str(store.rows(sa.select(tables.token)))
    assert secret not in kept
    (caller,) = live_callers(store)[0].values()
    session, _ = open_session(store, caller, "t")
    assert session not in str(store.rows(sa.select(tables.session)))
    assert len(live_callers(store)[1]) == 1
    revoke_token(store, "Ada")
    assert live_callers(store) == ({}, {})
    with pytest.raises(TokenError, match="no live token"):
        revoke_token(store, "Ada")


def test_a_wrong_address_is_told_in_one_sentence() -> None:
    with pytest.raises(StateStoreError, match="SQLite or PostgreSQL"):
        StateStore("mysql://somewhere/else")
    with pytest.raises(StateStoreError, match="no database address"):
        StateStore("not a url")
    with pytest.raises(StateStoreError, match="cannot be used"):
        StateStore("postgresql://nobody@127.0.0.1:1/none").migrate()


@pytest.mark.parametrize(
    ("since", "decided_on", "expected"),
    [
        (date(2026, 11, 23), date(2026, 11, 20), False),
        (date(2026, 11, 30), date(2026, 11, 20), False),
        (date(2026, 12, 31), date(2026, 11, 20), True),
        (date(2026, 12, 5), date(2026, 11, 30), True),
        (date(2024, 11, 30), date(2026, 11, 20), False),
    ],
)
def test_fired_anew(since: date, decided_on: date, expected: bool) -> None:  # noqa: FBT001
    """Anew means: quiet at a month end on or after the decision."""
    assert fired_anew(since, decided_on) is expected


class Start:
    """Four processes that open the store at the same moment, as four services do."""

    def __init__(self, processes: int = 4) -> None:
        context = multiprocessing.get_context("spawn")
        self.processes = processes
        self.pool = context.Pool(processes, self.prepare, (context.Barrier(processes),))

    @staticmethod
    def prepare(barrier: Any) -> None:
        globals()["_barrier"] = barrier

    @staticmethod
    def begin(url: str) -> bool:
        globals()["_barrier"].wait(30)
        opened = StateStore(url)
        opened.migrate()
        link = sign_in_link(opened, "127.0.0.1", "http://127.0.0.1:5000")
        opened.close()
        return link is not None

    def __call__(self, url: str) -> list[bool]:
        return self.pool.map(self.begin, [url] * self.processes, chunksize=1)


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    starting = Start()
    yield starting
    starting.pool.terminate()


@ON_BOTH
def test_processes_may_start_at_once_on_an_empty_store(start: Start, state_url: str) -> None:
    """All come up, and exactly one prints the link of the first token."""
    for number in range(8):
        url = state_url
        if url.startswith("sqlite"):
            url += str(number)
        else:
            emptied = StateStore(url)
            with emptied.engine.begin() as connection:
                connection.exec_driver_sql("drop schema public cascade")
                connection.exec_driver_sql("create schema public")
            emptied.close()
        assert sorted(start(url)) == [False, False, False, True]
