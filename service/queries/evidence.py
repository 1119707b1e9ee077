"""The source rows behind a measure."""

from datetime import date, datetime
from typing import Any

from service.problems import bad_request
from service.queries.caller_view import CallerView
from service.schemas.customer import Evidence

MOST_ROWS = 500
SOURCES = {
    "invoice": (
        "max_days_overdue",
        "overdue_amount_usd",
        "overdue_share",
        "disputed_amount_usd",
        "on_time_payment_rate_12m",
        "on_time_rate_change_6m",
        "annual_revenue_usd",
        "previous_annual_revenue_usd",
        "yoy_growth",
        "revenue_share",
        "clv_usd",
        "clv_predicted_usd",
    ),
    "case": (
        "open_cases",
        "escalated_open_cases",
        "cases_per_service_90d",
        "cases_change_90d",
        "high_severity_share_90d",
        "mean_resolution_hours_180d",
        "sla_breaches_90d",
    ),
    "usage": ("usage_change_90d", "usage_zscore"),
    "interaction": ("days_since_last_contact", "meetings_180d", "qbrs_180d"),
    "opportunity": ("renewal_rate_24m", "win_rate", "pipeline_usd", "weighted_pipeline_usd"),
    "service": ("mrr_usd", "arr_usd", "active_services"),
    "contract": ("days_to_expiry",),
}
SOURCE_OF = {measure: source for source, measures in SOURCES.items() for measure in measures}


def _plain(view: CallerView, customer_id: str, column: str, value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, str):
        # A company keeps its name, even where one of its people bears it.
        return value if column == "account_name" else view.masked(value, customer_id)
    return value


def evidence(view: CallerView, customer_id: str, measure: str, as_of: date | None) -> Evidence:
    """The invoices, cases, months of usage or other rows that a measure was computed from.

    Without a day, those of the day of the data.

    Raises Problem (400) for an unknown measure or a day without scores, 404 for an unknown
    customer.
    """
    source = SOURCE_OF.get(measure)
    if source is None:
        raise bad_request(
            f"There is no measure of that name. Known are: {', '.join(sorted(SOURCE_OF))}.",
            "measure",
        )
    long_id = view.check_customer(customer_id)
    newest = view.reader.snapshot.as_of
    if as_of not in (None, newest):
        known = [row["as_of"] for row in view.rows("scored_dates")]
        if as_of not in known:
            raise bad_request(
                f"There are no scores of {as_of}. There are those of {newest} and of the month "
                f"ends from {known[0]} on.",
                "as_of",
            )
    day = as_of or newest
    cursor = view.reader.execute(
        f"evidence_{source}",
        customer_id=long_id,
        measure=measure,
        as_of=day,
        row_limit=MOST_ROWS + 1,
    )
    columns = [column[0] for column in cursor.description or ()]
    rows = view.reader.all_rows(cursor)
    return Evidence(
        measure=measure,
        columns=columns,
        rows=[
            [_plain(view, long_id, *cell) for cell in zip(columns, row, strict=True)]
            for row in rows[:MOST_ROWS]
        ],
        truncated=len(rows) > MOST_ROWS,
        as_of=day,
    )
