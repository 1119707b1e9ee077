"""Customers: list and search, the document, scores and history, timeline."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from service.queries import search
from service.queries.actions import alert_with_state, recommendation_with_state
from service.queries.caller_view import MASKED, CallerView, read_cursor, to_long_id, write_cursor
from service.schemas.customer import (
    Contribution,
    Customer,
    CustomerPage,
    CustomerSummary,
    HistoryPoint,
    ScoreHistory,
    TimelineEvent,
    TimelinePage,
)
from service.state.actions import reference
from service.statements import SQL


def list_customers(
    view: CallerView,
    *,
    q: str | None,
    sort: str | None,
    filters: dict[str, Any],
    cursor: str | None,
    limit: int,
) -> CustomerPage:
    """One page of the customers that match, best or first first."""
    number, text, identifier = read_cursor(cursor, float, str, str)
    parameters = {
        **filters,
        "after_number": number,
        "after_text": text,
        "after_id": identifier,
        "row_limit": limit + 1,
    }
    if q and q.strip():
        rows = _search(view, q, sort, parameters)
    else:
        rows = view.reader.text_rows(
            _page_of("customers", candidate="select * from gold.serving_customer"),
            sort=sort or "name",
            regions=view.caller.region_list,
            **parameters,
        )
    page = rows[:limit]
    last = page[-1] if len(rows) > limit else None
    total = rows[0]["total"] if rows else 0
    return CustomerPage(
        items=_summaries(view, [row["customer_id"] for row in page]),
        total=total,
        next=write_cursor(last["sort_number"], last["sort_text"], last["customer_id"])
        if last
        else None,
        hint=search.HINT if q and not rows and not cursor else None,
        as_of=view.reader.snapshot.as_of,
    )


def _summaries(view: CallerView, customer_ids: list[str]) -> list[CustomerSummary]:
    """What lists show of customers, in the order given.

    Read after sorting: sorting all customers with all they show took three times as long.
    """
    if not customer_ids:
        return []
    literals = ", ".join(
        f"'{identifier.replace(chr(39), chr(39) * 2)}'" for identifier in customer_ids
    )
    rows = view.reader.text_rows(SQL["customer_summaries"].replace("$customer_ids", literals))
    found = {row["customer_id"]: row for row in rows}
    return msgspec.convert(
        [found[identifier] for identifier in customer_ids], list[CustomerSummary]
    )


def _search(
    view: CallerView, q: str, sort: str | None, parameters: dict[str, Any]
) -> list[dict[str, Any]]:
    composed = search.compose(view, q)
    if composed is None:
        return []
    matched, values = composed
    if sort:
        # The list's own statement, over what was found.
        statement = _page_of(
            "customers",
            matched=matched,
            candidate="select * from gold.serving_customer"
            " where customer_id in (select customer_id from matched)",
        )
    else:
        statement = _page_of("search_page", matched=matched, found=SQL["search_result"])
    return view.reader.text_rows(
        statement,
        text=q.strip(),
        sort=sort,
        regions=view.caller.region_list,
        **parameters,
        **values,
    )


def _page_of(name: str, /, **relations: str) -> str:
    """A statement of one page, over the relations that it reads, given by name and query."""
    given = ", ".join(f"{relation} as ({query})" for relation, query in relations.items())
    return f"with {given} from ({SQL[name]}) order by sort_number, sort_text, customer_id"


def customer(view: CallerView, customer_id: str) -> Customer:
    """The document of a customer, as the caller may see it.

    Raises Problem (404) where there is none.
    """
    # Whoever may see every region needs no look at the customer's: the document itself will tell.
    limited = view.caller.regions is not None
    long_id = view.check_customer(customer_id) if limited else to_long_id(customer_id)
    text = view.reader.value("document", customer_id=long_id)
    if text is None:
        raise view.absent(customer_id)
    document = msgspec.json.decode(text)
    as_of = date.fromisoformat(document["as_of"])
    facts = {key: document[key] for key in ("customer_name", "region", "owner_name")}
    facts["customer_id"] = long_id
    document["former_ids"] = [
        asdict(row) for row in view.reader.snapshot.aliases.of_customer.get(long_id, ())
    ]
    mrr = next(entry for entry in document["metrics"] if entry["metric"] == "mrr_usd")
    document["alerts"] = [
        alert_with_state(view, row | facts | {"mrr_usd": mrr["value"]}, as_of)
        for row in document["alerts"]
    ]
    document["recommendations"] = [
        recommendation_with_state(view, row | facts, as_of) for row in document["recommendations"]
    ]
    _limit_to_regions(view, document)
    _mask_persons(view, document)
    return msgspec.convert(document, Customer)


def _limit_to_regions(view: CallerView, document: dict[str, Any]) -> None:
    """Leave out what lies in regions that the caller may not see."""
    if view.caller.regions is None:
        return
    master = document["master"]
    if master and not all(view.can_see(region) for region in document["master_regions"] or []):
        document["master"] = None
    for name in ("accounts", "children", "contacts"):
        document[name] = [row for row in document[name] if view.can_see(row["region"])]
    parent = document["parent"]
    if parent and not view.can_see(parent["region"]):
        document["parent"] = None
    for account in document["accounts"]:
        if account["link"]:
            # The other end of the link may lie in a region that the caller may not see.
            account["link"]["evidence"] = None


def _mask_persons(view: CallerView, document: dict[str, Any]) -> None:
    """Mask what tells of persons, for callers without the right to it."""
    if view.caller.may_see_personal_data:
        return
    members = [account["account_id"] for account in document["accounts"]]
    for account in document["accounts"]:
        if account["link"]:
            account["link"]["evidence"] = view.masked(account["link"]["evidence"], *members)
    for contact in document["contacts"]:
        for field in ("full_name", "email", "phone"):
            if contact[field] is not None:
                contact[field] = MASKED


def scores(view: CallerView, customer_id: str) -> ScoreHistory:
    """Contributions of both scores now, their change, and the monthly history."""
    long_id = view.check_customer(customer_id)
    snapshot = view.reader.snapshot
    return ScoreHistory(
        customer_id=long_id,
        contributions=view.reader.records(Contribution, "contributions", customer_id=long_id),
        history=view.reader.records(HistoryPoint, "history", customer_id=long_id),
        as_of=snapshot.as_of,
        previous_as_of=snapshot.previous_as_of,
    )


def timeline(
    view: CallerView,
    customer_id: str,
    *,
    event_type: str | None,
    from_day: date | None,
    to_day: date | None,
    cursor: str | None,
    limit: int,
) -> TimelinePage:
    """One page of what happened, newest first; executed actions at once."""
    long_id = view.check_customer(customer_id)
    after_at, after_id = read_cursor(cursor, datetime, str)
    filters = {
        "customer_id": long_id,
        "type": event_type,
        "from_day": from_day,
        "to_day": to_day,
    }
    rows = view.rows(
        "timeline",
        **filters,
        after_at=after_at.astimezone(UTC).replace(tzinfo=None) if after_at else None,
        after_id=after_id,
        row_limit=limit + 1,
    )
    total = view.value("timeline_count", **filters)
    actions = [
        row
        for row in _action_events(view, long_id)
        if event_type in (None, "ACTION")
        and (from_day is None or row["occurred_at"].date() >= from_day)
        and (to_day is None or row["occurred_at"].date() <= to_day)
    ]
    total += len(actions)
    rows += [
        row
        for row in actions
        if after_at is None
        or row["occurred_at"] < after_at
        or (row["occurred_at"] == after_at and row["event_id"] > after_id)
    ]
    rows.sort(key=lambda row: row["event_id"])
    rows.sort(key=lambda row: row["occurred_at"], reverse=True)
    page = rows[:limit]
    for row in page:
        row["title"], row["description"] = (
            view.masked(row["title"], long_id) or "",
            view.masked(row["description"], long_id),
        )
    last = page[-1] if len(rows) > limit else None
    return TimelinePage(
        items=msgspec.convert(page, list[TimelineEvent]),
        total=total,
        next=write_cursor(last["occurred_at"], last["event_id"]) if last else None,
        as_of=view.reader.snapshot.as_of,
    )


def _action_events(view: CallerView, customer_id: str) -> list[dict[str, Any]]:
    """Executed actions that the warehouse does not show yet."""
    actions = view.decisions.actions_of_customer.get(customer_id)
    if not actions:
        return []
    shown = {
        row["action_reference"] for row in view.rows("action_references", customer_id=customer_id)
    }
    return [
        {
            "event_id": f"action-{row['action_id']}",
            "account_id": row["account_id"],
            "event_type": "ACTION",
            "event_subtype": "recommendation_executed",
            "occurred_at": row["executed_at"].replace(tzinfo=UTC),
            "title": row["action"],
            "description": row["note"],
            "amount_usd": row["estimated_impact_usd"],
            "status": row["state"],
            "source_object": "Action",
            "source_id": row["action_id"],
        }
        for row in actions
        if reference(row["action_id"]) not in shown
    ]
