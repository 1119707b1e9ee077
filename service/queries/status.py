"""How fresh and sound the published data is."""

from collections import defaultdict
from typing import Any

import msgspec

from service.queries.caller_view import CallerView
from service.schemas.operation import (
    ObjectStatus,
    QualityIssue,
    Run,
    StageRun,
    Status,
    TableSize,
    TestResult,
    TestTotals,
)


def status(view: CallerView) -> Status:
    """Extraction, runs, tests, rejected values and table sizes of this build."""
    reader = view.reader
    snapshot = reader.snapshot
    build_id = snapshot.build_id
    stages: dict[str, list[StageRun]] = defaultdict(list)
    for row in reader.rows("status_stages"):
        stages[row["build_id"]].append(msgspec.convert(row, StageRun))
    tests = reader.rows("status_tests", build_id=build_id)
    totals = {row["status"]: row["tests"] for row in tests}
    return Status(
        build_id=build_id,
        as_of=snapshot.as_of,
        published_at=snapshot.published_at,
        objects=reader.records(ObjectStatus, "status_objects"),
        runs=[
            msgspec.convert(row | {"stages": stages[row["run_id"]]}, Run)
            for row in reader.rows("status_runs")
        ],
        tests=TestTotals(
            passed=totals.get("pass", 0),
            warned=totals.get("warn", 0),
            failed=totals.get("fail", 0) + totals.get("error", 0),
            not_passed=reader.records(TestResult, "status_not_passed", build_id=build_id),
        ),
        data_quality=[_issue(view, row) for row in reader.rows("status_quality")],
        tables=reader.records(TableSize, "status_tables"),
    )


def _issue(view: CallerView, row: dict[str, Any]) -> QualityIssue:
    """Rejected values as examples, for callers who may see every region's persons only."""
    may_see = view.caller.regions is None and view.caller.may_see_personal_data
    examples = [value for value in row["examples"] if value is not None] if may_see else []
    return msgspec.convert(row | {"examples": examples}, QualityIssue)
