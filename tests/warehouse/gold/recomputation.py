"""Health and churn risk recomputed in plain Python from silver, straight from the design.

Shares nothing with the SQL: weights and knots are written out, records are filtered one by one.
"""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean
from typing import Any

ONBOARDING_DAYS = 90
SCORED_STAGES = ("leaving", "onboarding", "active")

Record = dict[str, Any]
Knots = list[tuple[float, float]]

HEALTH: dict[str, tuple[float, dict[str, tuple[float, Knots]]]] = {
    "payment_history": (
        0.30,
        {
            "max_days_overdue": (0.5, [(0, 100), (15, 70), (30, 40), (60, 0)]),
            "on_time_payment_rate_12m": (0.5, [(0.5, 0), (0.8, 50), (0.95, 90), (1, 100)]),
        },
    ),
    "support_quality": (
        0.25,
        {
            "cases_per_service_90d": (0.25, [(0, 100), (1, 60), (3, 0)]),
            "high_severity_share_90d": (0.25, [(0, 100), (0.5, 30), (1, 0)]),
            "mean_resolution_hours_180d": (0.25, [(4, 100), (24, 80), (72, 40), (168, 0)]),
            "sla_breaches_90d": (0.25, [(0, 100), (1, 50), (3, 0)]),
        },
    ),
    "usage_trends": (
        0.25,
        {"usage_change_90d": (1.0, [(-0.5, 0), (-0.3, 20), (0, 70), (0.2, 100)])},
    ),
    "engagement": (
        0.20,
        {
            "days_since_last_contact": (0.4, [(14, 100), (60, 50), (120, 0)]),
            "meetings_180d": (0.3, [(0, 0), (1, 50), (4, 100)]),
            "renewal_rate_24m": (0.3, [(0, 0), (1, 100)]),
        },
    ),
}
CHURN: dict[str, tuple[float, dict[str, tuple[float, Knots]]]] = {
    "usage_decline": (
        0.30,
        {"usage_change_90d": (1.0, [(-0.6, 100), (-0.3, 70), (0, 10), (0.1, 0)])},
    ),
    "payment_issues": (
        0.30,
        {
            "max_days_overdue": (0.6, [(0, 0), (15, 50), (45, 90), (60, 100)]),
            "on_time_rate_change_6m": (0.4, [(-0.5, 100), (-0.2, 60), (0, 10), (0.1, 0)]),
        },
    ),
    "support_problems": (
        0.25,
        {
            "escalated_open_cases": (0.6, [(0, 0), (1, 60), (3, 100)]),
            "cases_change_90d": (0.4, [(0, 0), (1, 60), (2, 100)]),
        },
    ),
    "low_engagement": (
        0.15,
        {"days_since_last_contact": (1.0, [(14, 0), (60, 70), (120, 100)])},
    ),
}


@dataclass(frozen=True)
class Records:
    """The silver records of one customer's accounts."""

    assets: list[Record]
    invoices: list[Record]
    cases: list[Record]
    interactions: list[Record]
    opportunities: list[Record]
    usage: list[Record]
    contracts: list[Record]

    def known(self, as_of: date) -> "Records":
        """Return the records that had been created on a day."""

        def kept(records: Iterable[Record]) -> list[Record]:
            return [record for record in records if record["created_at"].date() <= as_of]

        return Records(
            kept(self.assets),
            kept(self.invoices),
            kept(self.cases),
            kept(self.interactions),
            kept(self.opportunities),
            kept(self.usage),
            kept(self.contracts),
        )


def months_before(day: date, months: int) -> date:
    """Return the day some calendar months earlier, the month's last where it does not exist."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def points(knots: Knots, value: float) -> float:
    """Return a curve's points at a value: linear between knots, the end knots' outside."""
    if value <= knots[0][0]:
        return knots[0][1]
    for (left, low), (right, high) in itertools.pairwise(knots):
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
    return knots[-1][1]


def score(
    components: dict[str, tuple[float, dict[str, tuple[float, Knots]]]],
    measures: dict[str, float | None],
) -> float | None:
    """Return the rounded score of a set of measures, None below half coverage."""
    total = coverage = 0.0
    for weight, parts in components.values():
        present = {
            name: (share, points(knots, value))
            for name, (share, knots) in parts.items()
            if (value := measures[name]) is not None
        }
        if present:
            coverage += weight
            shares = sum(share for share, _ in present.values())
            total += weight * sum(share * earned for share, earned in present.values()) / shares
    if round(coverage, 9) < 0.5:
        return None
    exact = Decimal(repr(round(total / coverage, 9)))
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def contract_end(contract: Record) -> date | None:
    """Return the last day of a contract."""
    end: date | None = contract["end_date"]
    is_over = contract["status"] in ("Expired", "Terminated")
    if is_over and (end is None or end > contract["extracted_at"].date()):
        end = contract["last_modified_at"].date()
    return end


def account_notices(contracts: list[Record], as_of: date) -> dict[str, date | None]:
    """Return the accounts of which every contract was given notice, with the last of their ends."""
    going_on: dict[str, list[Record]] = {}
    for contract in contracts:
        end = contract_end(contract)
        if contract["status"] != "Draft" and (end is None or end >= as_of):
            going_on.setdefault(contract["account_id"], []).append(contract)
    found: dict[str, date | None] = {}
    for account, open_ones in going_on.items():
        given = [contract["notice_given_date"] for contract in open_ones]
        if all(day is not None and day <= as_of for day in given):
            ends = [end for contract in open_ones if (end := contract_end(contract)) is not None]
            found[account] = max(ends) if len(ends) == len(open_ones) else None
    return found


def lifecycle_stage(everything: Records, as_of: date) -> tuple[str, date | None, date | None]:
    """Return where one customer stands on one day, and when it left or leaves.

    A contract that is over before its time ended with its last change; notice ends the services of
    an account where no contract goes on.
    """
    records = everything.known(as_of)
    services = [asset for asset in records.assets if (asset["monthly_charge"] or 0) > 0]
    notices = account_notices(records.contracts, as_of)
    terms = [
        (asset["install_date"], asset["usage_end_date"], asset["last_modified_at"].date())
        for asset in services
    ]
    contracts = [
        (contract["start_date"], contract_end(contract))
        for contract in records.contracts
        if contract["status"] != "Draft" and contract["start_date"] <= as_of
    ]
    had = [(start, end) for start, end, _ in terms if start <= as_of] + contracts
    billed = [
        invoice["invoice_date"]
        for invoice in records.invoices
        if invoice["amount"] > 0 and invoice["invoice_date"] <= as_of
    ]
    if not had and not billed:
        return "prospect", None, None
    running = [end for _, end in had if end is None or end >= as_of]
    if not running:
        ended = [end for _, end in had if end is not None]
        return "former", max(ended or billed), None
    ahead = [
        (asset["account_id"], end, changed)
        for asset, (_, end, changed) in zip(services, terms, strict=True)
        if end is None or end >= as_of
    ]
    known = [
        end if end is not None and changed <= as_of else notices[account]
        for account, end, changed in ahead
        if (end is not None and changed <= as_of) or account in notices
    ]
    if any(start <= as_of for start, end, _ in terms if end is None or end >= as_of) and len(
        known
    ) == len(ahead):
        days = [end for end in known if end is not None]
        return "leaving", None, max(days) if len(days) == len(known) else None
    if (as_of - min(start for start, _ in had)).days < ONBOARDING_DAYS:
        return "onboarding", None, None
    return "active", None, None


def on_time_rate(invoices: list[Record], after: date, until: date) -> tuple[float | None, int]:
    """Return the on-time rate of the invoices due in (after, until], and how many there are."""
    due = [invoice for invoice in invoices if after < invoice["due_date"] <= until]
    on_time = [
        invoice
        for invoice in due
        if invoice["paid_date"] is not None and invoice["paid_date"] <= invoice["due_date"]
    ]
    return (len(on_time) / len(due) if due else None), len(due)


def billed(invoices: list[Record]) -> list[Record]:
    """Return what may be owed: no draft, nothing void, no credit note."""
    return [
        invoice
        for invoice in invoices
        if invoice["status"] not in ("Draft", "Void") and invoice["document_type"] == "Invoice"
    ]


def is_disputed(invoice: Record, as_of: date) -> bool:
    """Return whether a day could know that the customer disputes an invoice."""
    return bool(invoice["status"] == "Disputed" and invoice["last_modified_at"].date() <= as_of)


def credited(invoices: list[Record], as_of: date) -> dict[str, Decimal]:
    """Return what credit notes dated up to a day take off, by the invoice that they name."""
    total: dict[str, Decimal] = {}
    for note in invoices:
        if (
            note["document_type"] == "Credit Note"
            and note["status"] not in ("Draft", "Void")
            and note["credited_invoice_id"] is not None
            and note["invoice_date"] <= as_of
        ):
            invoice_id = note["credited_invoice_id"]
            total[invoice_id] = total.get(invoice_id, Decimal(0)) - note["amount"]
    return total


def open_amount(invoice: Record, as_of: date, credit: Decimal | int) -> Decimal:
    """Return what is open of an invoice on a day, in its currency; 0 within the tolerance.

    That is 1 USD and 1 % of the invoice, as metrics.md has it.
    """
    for end in ("paid_date", "written_off_date"):
        is_part = end == "paid_date" and invoice["status"] == "Partially Paid"
        if invoice[end] is not None and invoice[end] <= as_of and not is_part:
            return Decimal(0)
    left: Decimal = invoice["amount"] - credit
    if invoice["last_modified_at"].date() <= as_of and invoice["balance"] is not None:
        left = min(left, invoice["balance"])
    rate = invoice["exchange_rate"]
    tolerance = max(1 / rate if rate else 0, invoice["amount"] / 100)
    return left if left > tolerance else Decimal(0)


def usage_change(records: Records, as_of: date, charge: Callable[[str], float]) -> float | None:
    """Return the change of usage, weighted by the services' monthly charges.

    The last three complete months are those before as_of's own, also on its last day.
    """
    this_month = as_of.replace(day=1)
    recent = [months_before(this_month, back) for back in (1, 2, 3)]
    older = [months_before(recent[-1], back) for back in (1, 2, 3)]
    changes: list[tuple[float, float]] = []
    for service in {row["asset_id"] for row in records.usage}:
        rows = [row for row in records.usage if row["asset_id"] == service]
        last = [float(row["quantity"]) for row in rows if row["usage_month"] in recent]
        previous = [float(row["quantity"]) for row in rows if row["usage_month"] in older]
        if last and previous and sum(previous) > 0:
            change = min(max(sum(last) / sum(previous) - 1, -1), 2)
            changes.append((charge(service), change))
    if not changes:
        return None
    weights = sum(weight for weight, _ in changes)
    if weights == 0:
        return fmean(change for _, change in changes)
    return sum(weight * change for weight, change in changes) / weights


def measures(
    everything: Records, as_of: date, charge: Callable[[str], float]
) -> dict[str, float | None]:
    """Return the measures behind both scores for one customer on one day.

    Args:
        everything: all records of the customer's accounts, also those made later.
        as_of: the day that is scored.
        charge: the monthly charge in USD of a service, by asset id, at the day's rate.
    """
    records = everything.known(as_of)
    services = [
        asset
        for asset in records.assets
        if asset["install_date"] <= as_of
        and (asset["usage_end_date"] is None or asset["usage_end_date"] >= as_of)
    ]
    invoices = billed(records.invoices)
    credit = credited(records.invoices, as_of)
    owed = {
        invoice["invoice_id"]: open_amount(invoice, as_of, credit.get(invoice["invoice_id"], 0))
        for invoice in invoices
    }
    overdue = [
        (as_of - invoice["due_date"]).days
        for invoice in invoices
        if invoice["due_date"] < as_of
        and owed[invoice["invoice_id"]] > 0
        and not is_disputed(invoice, as_of)
    ]
    half, year = months_before(as_of, 6), months_before(as_of, 12)
    on_time, _ = on_time_rate(invoices, year, as_of)
    newer, newer_count = on_time_rate(invoices, half, as_of)
    older, older_count = on_time_rate(invoices, year, half)
    rate_change = None
    if newer is not None and older is not None and min(newer_count, older_count) >= 3:
        rate_change = newer - older

    def opened(first: int, last: int) -> list[Record]:
        return [
            case
            for case in records.cases
            if first <= (as_of - case["created_at"].date()).days <= last
        ]

    recent = opened(0, 89)
    severe = [case for case in recent if case["priority"] in ("High", "Critical")]
    resolution = [
        (case["closed_at"] - case["created_at"]).total_seconds() / 3600
        for case in records.cases
        if case["closed_at"] is not None and 0 <= (as_of - case["closed_at"].date()).days < 180
    ]
    still_open = [
        case
        for case in records.cases
        if case["closed_at"] is None or case["closed_at"].date() > as_of
    ]
    held = [
        interaction
        for interaction in records.interactions
        if interaction["is_completed"] and interaction["occurred_at"].date() <= as_of
    ]
    contact = min(((as_of - item["occurred_at"].date()).days for item in held), default=None)
    if services:
        contact = min(contact if contact is not None else 365, 365)
    renewals = [
        opportunity
        for opportunity in records.opportunities
        if opportunity["opportunity_type"] == "Renewal"
        and opportunity["is_closed"]
        and months_before(as_of, 24) < opportunity["close_date"] <= as_of
    ]
    per_service = max(1, len(services))
    return {
        "max_days_overdue": max(overdue, default=0) if invoices else None,
        "on_time_payment_rate_12m": on_time,
        "on_time_rate_change_6m": rate_change,
        "cases_per_service_90d": len(recent) / per_service,
        "cases_change_90d": (len(recent) - len(opened(90, 179))) / per_service,
        "high_severity_share_90d": len(severe) / len(recent) if recent else None,
        "mean_resolution_hours_180d": fmean(resolution) if resolution else None,
        "sla_breaches_90d": sum(1 for case in recent if case["is_sla_breached"]),
        "escalated_open_cases": sum(1 for case in still_open if case["is_escalated"]),
        "usage_change_90d": usage_change(records, as_of, charge),
        "days_since_last_contact": contact,
        "meetings_180d": sum(
            1
            for item in held
            if item["source_object"] == "Event" and (as_of - item["occurred_at"].date()).days < 180
        ),
        "renewal_rate_24m": (
            sum(1 for renewal in renewals if renewal["is_won"]) / len(renewals)
            if renewals
            else None
        ),
    }
