"""The plain design: Flask over pandas data frames that are read from Parquet every 5 minutes.

`gunicorn run_flask:application` in an environment with flask, gunicorn, pandas and pyarrow;
PLAIN_DATA names the folder of Parquet files. With PLAIN_ANSWERS=1 whole answers are kept for
5 minutes too. It knows no callers, regions, ETags or decisions: less work than the service does.
"""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # lives in the throwaway environment only
from flask import Flask, Response, abort, request

KEPT_SECONDS = 300
FOLDER = Path(os.environ["PLAIN_DATA"])
KEEPS_ANSWERS = os.environ.get("PLAIN_ANSWERS") == "1"
TABLES = ("customer", "metrics", "contribution", "alert", "recommendation", "timeline", "history")

application = Flask(__name__)
_frames: dict[str, pd.DataFrame] = {}
_answers: dict[str, tuple[float, bytes]] = {}
_read_at = 0.0
_lock = threading.Lock()


def frame(name: str) -> pd.DataFrame:
    """A table, read again when it is 5 minutes old."""
    global _read_at  # noqa: PLW0603 - a plain module-level cache is what is measured
    with _lock:
        if time.monotonic() - _read_at > KEPT_SECONDS or not _frames:
            for table in TABLES:
                _frames[table] = pd.read_parquet(FOLDER / f"{table}.parquet")
            _read_at = time.monotonic()
    return _frames[name]


def of(name: str, customer_id: str) -> pd.DataFrame:
    """The rows of one customer."""
    rows = frame(name)
    return rows[rows["customer_id"] == customer_id]


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON objects, with null where a value is missing."""
    # pandas' own JSON: it knows arrays, dates and missing values.
    found: list[dict[str, Any]] = json.loads(rows.to_json(orient="records", date_format="iso"))
    return found


@application.before_request
def from_cache() -> Response | None:
    """A kept answer."""
    kept = _answers.get(request.full_path) if KEEPS_ANSWERS else None
    if kept and time.monotonic() - kept[0] < KEPT_SECONDS:
        return Response(kept[1], mimetype="application/json")
    return None


@application.after_request
def keep(answer: Response) -> Response:
    """Keep an answer."""
    if KEEPS_ANSWERS and answer.status_code == 200:
        _answers[request.full_path] = (time.monotonic(), answer.get_data())
    return answer


@application.get("/health")
def health() -> dict[str, str]:
    """Whether it lives; reads the data, so that measuring starts after that."""
    frame("customer")
    return {"status": "ok"}


@application.get("/api/customer/<customer_id>")
def customer(customer_id: str) -> dict[str, Any]:
    """The 360 of one customer."""
    profile = of("customer", customer_id)
    if profile.empty:
        abort(404)
    return {
        "profile": records(profile)[0],
        "metrics": records(of("metrics", customer_id)),
        "contributions": records(of("contribution", customer_id)),
        "alerts": records(of("alert", customer_id)),
        "recommendations": records(of("recommendation", customer_id).sort_values("rank")),
        "history": records(of("history", customer_id).sort_values("as_of")),
    }


@application.get("/api/customer/<customer_id>/timeline")
def timeline(customer_id: str) -> dict[str, Any]:
    """The newest 50 events."""
    rows = of("timeline", customer_id).sort_values("occurred_at", ascending=False)
    return {"items": records(rows.head(50)), "total": len(rows)}


@application.get("/api/customers")
def search() -> dict[str, Any]:
    """Names that contain the text: no typos, no accents."""
    rows = frame("customer")
    text = request.args["q"]
    rows = rows[rows["customer_name"].str.contains(text, case=False, regex=False)]
    return {"items": records(rows.head(50)), "total": len(rows)}


@application.get("/api/dashboard/summary")
def summary() -> dict[str, Any]:
    """Sums by region, health and churn."""
    rows = frame("customer")
    return {
        "customers": len(rows),
        "mrr_usd": float(rows["mrr_usd"].sum()),
    } | {
        name: records(rows.groupby(name)["mrr_usd"].agg(["count", "sum"]).reset_index())
        for name in ("region", "health_category", "churn_risk_level")
    }
