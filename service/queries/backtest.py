"""The churn score graded against what happened."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

import msgspec

from service.problems import Problem
from service.queries.caller_view import CallerView
from service.schemas.operation import Backtest, CalibrationPoint, Horizon, Interval, LevelOutcome

LEVELS = ("HIGH", "MEDIUM", "LOW")
UNKNOWN = Interval(value=None, low=None, high=None)


def backtest(view: CallerView) -> Backtest:
    """Quality of the churn score by horizon, pooled over all month ends with an outcome.

    Raises Problem (403) for a caller who is limited to regions: the figures cover all of them.
    """
    if view.caller.regions is not None:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "The backtest covers every region and your token does not. Ask for a token without a "
            "limit to regions.",
        )
    months = {row["horizon_days"]: row["months"] for row in view.rows("backtest_months")}
    quality: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in view.rows("backtest_quality"):
        quality[row["horizon_days"]][row["measure"]] = row
    calibration: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in view.rows("backtest_calibration"):
        calibration[row["horizon_days"]].append(row)
    return Backtest(
        as_of=view.reader.snapshot.as_of,
        horizons=[
            _horizon(days, months.get(days, 0), measures, calibration[days])
            for days, measures in sorted(quality.items())
        ],
    )


def _horizon(
    days: int,
    months: int,
    measures: dict[str, dict[str, Any]],
    calibration: list[dict[str, Any]],
) -> Horizon:
    intervals = {name: msgspec.convert(row, Interval) for name, row in measures.items()}
    facts = next(iter(measures.values()))
    return Horizon(
        horizon_days=days,
        months=months,
        customers=facts["customers"],
        churned=facts["churned"],
        enough=facts["is_enough"],
        base_rate=intervals.get("base_rate", UNKNOWN).value,
        auc=intervals.get("auc", UNKNOWN),
        average_precision=intervals.get("average_precision", UNKNOWN),
        lift_top_decile=intervals.get("lift_top_decile", UNKNOWN),
        churned_revenue_in_top_decile=intervals.get("churned_mrr_in_top_decile", UNKNOWN),
        by_level=[
            LevelOutcome(level=level, share=intervals.get(f"churn_share_{level.lower()}", UNKNOWN))
            for level in LEVELS
        ],
        calibration=msgspec.convert(calibration, list[CalibrationPoint]),
    )
