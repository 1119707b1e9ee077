"""Alerts, recommendations, actions and Today, with what people decided about them."""

from datetime import UTC, date
from typing import Any

import msgspec

from service.problems import not_found
from service.queries.caller_view import CallerView, read_cursor, write_cursor
from service.schemas.actions import (
    Action,
    ActionPage,
    Alert,
    AlertPage,
    LeavingCustomer,
    Recommendation,
    RecommendationPage,
    Today,
    TodayItem,
)
from service.schemas.actions import Change as TodayChange
from service.state.actions import Decision, Recommended, reference

EVERYTHING = 1_000_000
ALERT_FILTERS: tuple[str, ...] = (
    "alert_id",
    "customer_id",
    "severity",
    "code",
    "region",
    "owner",
    "small",
)
RECOMMENDATION_FILTERS: tuple[str, ...] = (
    "recommendation_id",
    "customer_id",
    "priority",
    "rule",
    "region",
    "owner",
)


def _with_decision(
    view: CallerView, row: dict[str, Any], decision: Decision, as_of: date
) -> dict[str, Any]:
    return row | {
        "state": decision.state,
        "state_by": decision.by,
        "state_at": decision.at.replace(tzinfo=UTC) if decision.at else None,
        "state_note": view.masked(decision.note, row["customer_id"]),
        "as_of": as_of,
    }


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def alert_with_state(view: CallerView, row: dict[str, Any], as_of: date) -> dict[str, Any]:
    """An alert of the warehouse with its state."""
    decision = view.decisions.alert(row["alert_id"], _day(row["opened_on"]), as_of)
    return _with_decision(view, row, decision, as_of) | {"snoozed_until": decision.snoozed_until}


def recommendation_with_state(view: CallerView, row: dict[str, Any], as_of: date) -> dict[str, Any]:
    """A recommendation of the warehouse with its state."""
    decision = view.decisions.recommendation(
        row["recommendation_id"], _day(row["fired_on"]), row["cooldown_days"] or 0, as_of
    )
    return _with_decision(view, row, decision, as_of)


def _read(
    view: CallerView, name: str, known: tuple[str, ...], filters: dict[str, Any], **parameters: Any
) -> list[dict[str, Any]]:
    listing = (
        "listed_ids",
        "left_out_ids",
        "after_rank",
        "after_number",
        "after_customer",
        "after_id",
    )
    values = dict.fromkeys((*known, *listing))
    return view.rows(name, **(values | {"row_limit": EVERYTHING} | filters | parameters))


def _decided(view: CallerView, name: str) -> list[dict[str, Any]]:
    """Alerts or recommendations that anybody ever decided about, with their present state."""
    as_of = view.reader.snapshot.as_of
    if name == "alerts":
        candidates, known, key, dress = (
            list(view.decisions.alert_states),
            ALERT_FILTERS,
            "alert_id",
            alert_with_state,
        )
    else:
        candidates, known, key, dress = (
            [*view.decisions.newest_action, *view.decisions.dismissals],
            RECOMMENDATION_FILTERS,
            "recommendation_id",
            recommendation_with_state,
        )
    if not candidates:
        return []
    # One id is looked up directly, which also finds those of members of a master.
    rows = _read(view, name, known, {}, listed_ids=candidates, customer_id=None)
    return [dress(view, row, as_of) for row in rows if row[key]]


def _state_filter(view: CallerView, name: str, key: str, state: str | None) -> dict[str, Any]:
    if state is None:
        return {}
    decided = _decided(view, name)
    if state == "open":
        return {"left_out_ids": [row[key] for row in decided if row["state"] != "open"]}
    return {"listed_ids": [row[key] for row in decided if row["state"] == state]}


def list_alerts(
    view: CallerView, *, state: str | None, cursor: str | None, limit: int, **filters: Any
) -> AlertPage:
    """One page of alerts: the customer with the most at stake first, its alerts together."""
    number, customer_id, rank, identifier = read_cursor(cursor, float, str, int, str)
    rows = _read(
        view,
        "alerts",
        ALERT_FILTERS,
        filters,
        after_rank=rank,
        after_number=number,
        after_customer=customer_id,
        after_id=identifier,
        row_limit=limit + 1,
        **_state_filter(view, "alerts", "alert_id", state),
    )
    as_of = view.reader.snapshot.as_of
    page = rows[:limit]
    last = page[-1] if len(rows) > limit else None
    return AlertPage(
        items=msgspec.convert([alert_with_state(view, row, as_of) for row in page], list[Alert]),
        total=rows[0]["total"] if rows else 0,
        next=write_cursor(
            last["sort_number"], last["customer_id"], last["sort_rank"], last["alert_id"]
        )
        if last
        else None,
        as_of=as_of,
    )


def one_alert(view: CallerView, alert_id: str) -> Alert:
    """One alert. Raises Problem (404) where there is none."""
    rows = _read(view, "alerts", ALERT_FILTERS, {"alert_id": alert_id})
    if not rows:
        raise not_found("alert", alert_id)
    return msgspec.convert(alert_with_state(view, rows[0], view.reader.snapshot.as_of), Alert)


def list_recommendations(
    view: CallerView, *, state: str | None, cursor: str | None, limit: int, **filters: Any
) -> RecommendationPage:
    """One page of recommendations, by priority, then by estimated impact."""
    rank, number, identifier = read_cursor(cursor, int, float, str)
    rows = _read(
        view,
        "recommendations",
        RECOMMENDATION_FILTERS,
        filters,
        after_rank=rank,
        after_number=number,
        after_id=identifier,
        row_limit=limit + 1,
        **_state_filter(view, "recommendations", "recommendation_id", state),
    )
    as_of = view.reader.snapshot.as_of
    page = rows[:limit]
    last = page[-1] if len(rows) > limit else None
    return RecommendationPage(
        items=msgspec.convert(
            [recommendation_with_state(view, row, as_of) for row in page], list[Recommendation]
        ),
        total=rows[0]["total"] if rows else 0,
        next=write_cursor(last["sort_rank"], last["sort_number"], last["recommendation_id"])
        if last
        else None,
        as_of=as_of,
    )


def one_recommendation(
    view: CallerView, recommendation_id: str
) -> tuple[Recommendation, Recommended]:
    """One recommendation, and what executing it needs. Raises Problem (404) without."""
    rows = _read(
        view, "recommendations", RECOMMENDATION_FILTERS, {"recommendation_id": recommendation_id}
    )
    if not rows:
        raise not_found("recommendation", recommendation_id)
    row = rows[0]
    as_of = view.reader.snapshot.as_of
    account_id = view.value("task_account", customer_id=row["customer_id"])
    recommended = msgspec.convert(
        {field: row.get(field) for field in Recommended.__dataclass_fields__}
        | {
            "account_id": account_id,
            "as_of": as_of,
            "cooldown_days": row["cooldown_days"] or 0,
            "former_ids": view.reader.snapshot.aliases.former_keys(
                row["customer_id"], row["rule_id"]
            ),
        },
        Recommended,
    )
    return msgspec.convert(recommendation_with_state(view, row, as_of), Recommendation), recommended


def _observed(view: CallerView, row: dict[str, Any], arr_usd: float | None) -> float | None:
    """Change of ARR since an action; null until a later day than the action's has been scored."""
    is_later = view.reader.snapshot.as_of > row["executed_at"].date()
    if not is_later or arr_usd is None or row["arr_usd"] is None:
        return None
    return float(arr_usd - row["arr_usd"])


def _action(view: CallerView, row: dict[str, Any], arr_usd: float | None) -> Action:
    observed = _observed(view, row, arr_usd)
    return msgspec.convert(
        row
        | {
            "reference": reference(row["action_id"]),
            "note": view.masked(row["note"], row["customer_id"]),
            "executed_at": row["executed_at"].replace(tzinfo=UTC),
            "delivery_state": row["state"],
            "delivery_detail": row["detail"],
            "observed_impact_usd": None if observed is None else round(observed, 2),
        },
        Action,
    )


def one_action(view: CallerView, action_id: str) -> Action:
    """An action that was just recorded."""
    row = next(row for row in view.decisions.actions if row["action_id"] == action_id)
    rows = view.rows("current_arr", customer_ids=[row["customer_id"]])
    return _action(view, row, rows[0]["arr_usd"] if rows else None)


def recommendation_totals(view: CallerView) -> dict[str, Any]:
    """Counts and money of recommendations by state, of the customers that the caller may see."""
    (everything,) = view.rows("recommendation_sum")
    decided = [*view.decisions.newest_action, *view.decisions.dismissals]
    as_of = view.reader.snapshot.as_of
    rows = view.rows("recommendation_totals", decided=decided) if decided else []
    states = [(recommendation_with_state(view, row, as_of)["state"], row) for row in rows]
    closed = [row for state, row in states if state != "open"]
    visible = {row["recommendation_id"] for row in rows}
    actions = _visible_actions(view)
    arr = _arr(view, actions)
    observed = [
        change
        for row in actions
        if (change := _observed(view, row, arr.get(row["customer_id"]))) is not None
    ]
    closed_money = sum(row["estimated_impact_usd"] or 0 for row in closed)
    return {
        "open": everything["recommendations"] - len(closed),
        "executed": len(actions),
        "dismissed": sum(
            1
            for state, row in states
            if state == "dismissed" and row["recommendation_id"] in visible
        ),
        "estimated_open_usd": round((everything["estimated_impact_usd"] or 0.0) - closed_money, 2),
        "estimated_executed_usd": round(
            sum(row["estimated_impact_usd"] or 0.0 for row in actions), 2
        ),
        "observed_executed_usd": round(sum(observed), 2) if observed else None,
    }


def _arr(view: CallerView, actions: list[dict[str, Any]]) -> dict[str, float | None]:
    ids = sorted({row["customer_id"] for row in actions})
    if not ids:
        return {}
    return {
        row["customer_id"]: row["arr_usd"] for row in view.rows("current_arr", customer_ids=ids)
    }


def _visible_actions(view: CallerView) -> list[dict[str, Any]]:
    visible = _arr(view, view.decisions.actions)
    if view.caller.regions is None:
        return view.decisions.actions
    return [row for row in view.decisions.actions if row["customer_id"] in visible]


def list_actions(view: CallerView, *, cursor: str | None, limit: int) -> ActionPage:
    """One page of actions, newest first, and the execution rate."""
    (identifier,) = read_cursor(cursor, str)
    actions = _visible_actions(view)
    start = 0
    if identifier:
        start = (
            next((place for place, row in enumerate(actions) if row["action_id"] == identifier), -1)
            + 1
        )
    page = actions[start : start + limit]
    arr = _arr(view, page)
    totals = recommendation_totals(view)
    of_all = totals["open"] + totals["executed"] + totals["dismissed"]
    return ActionPage(
        items=[_action(view, row, arr.get(row["customer_id"])) for row in page],
        total=len(actions),
        next=write_cursor(page[-1]["action_id"]) if start + limit < len(actions) else None,
        open_recommendations=totals["open"],
        executed=totals["executed"],
        dismissed=totals["dismissed"],
        execution_rate=totals["executed"] / of_all if of_all else None,
        as_of=view.reader.snapshot.as_of,
    )


def today(view: CallerView, owner: str | None, *, small: bool) -> Today:
    """Who needs someone today: HIGH alerts that nobody has taken on, by what is at stake.

    Customers with little at stake are counted beside, or listed alone.
    """
    snapshot = view.reader.snapshot
    quiet = [row["alert_id"] for row in _decided(view, "alerts") if row["state"] != "open"]
    (totals,) = view.rows("today_totals", owner=owner, quiet=quiet)
    rows = view.rows("today", owner=owner, quiet=quiet, small=small)
    leaving = view.rows("today_leaving", owner=owner, quiet=quiet)
    best = _best_recommendations(view, [row["customer_id"] for row in rows])
    changes = []
    if snapshot.previous_build_as_of is not None:
        changes = msgspec.convert(view.rows("changes", owner=owner), list[TodayChange])
    return Today(
        as_of=snapshot.as_of,
        previous_as_of=snapshot.previous_as_of,
        **totals,
        leaving_customers=leaving[0]["customers"] if leaving else 0,
        leaving_arr_usd=leaving[0]["leaving_arr_usd"] if leaving else 0.0,
        leaving=msgspec.convert(leaving, list[LeavingCustomer]),
        items=msgspec.convert(
            [row | {"recommendation": best.get(row["customer_id"])} for row in rows],
            list[TodayItem],
        ),
        changed_since=snapshot.previous_build_as_of,
        changes=changes,
    )


def _best_recommendations(view: CallerView, customer_ids: list[str]) -> dict[str, Recommendation]:
    """The first open recommendation of each customer."""
    best: dict[str, Recommendation] = {}
    if not customer_ids:
        return best
    as_of = view.reader.snapshot.as_of
    for row in view.rows("today_recommendations", customer_ids=customer_ids):
        dressed = recommendation_with_state(view, row, as_of)
        if dressed["state"] == "open":
            best.setdefault(row["customer_id"], msgspec.convert(dressed, Recommendation))
    return best
