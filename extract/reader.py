"""Read all windows of an object, choosing the way, and mending what can be mended."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from extract import bulk, rest
from extract.checkpoint import Window
from extract.errors import (
    ExtractionError,
    IncompleteResultError,
    QueryTimeoutError,
    StaleJobError,
    UnsupportedByBulkError,
)
from extract.manifest import iso, parse_iso

if TYPE_CHECKING:
    from extract.task import ObjectTask

# Nothing in a Salesforce org is older.
EARLIEST = datetime(1999, 1, 1, tzinfo=UTC)
SHORTEST_WINDOW = timedelta(hours=1)
RESTARTS = 2
MENDABLE_ERRORS = (
    IncompleteResultError,
    QueryTimeoutError,
    StaleJobError,
    UnsupportedByBulkError,
)


def read_all(task: "ObjectTask") -> None:
    """Read every window that is not done yet, and delete the jobs in the org at the end.

    A query that times out is split into halves of its window; a job that the org has forgotten is
    started again; an object that Bulk 2.0 does not support is read through REST.
    """
    checkpoint = task.checkpoint
    restarts = 0
    while True:
        window = next((item for item in checkpoint.windows if not item.done), None)
        if window is None:
            break
        if not window.pages and window.job_id is None:
            _choose_transport(task, window)
        else:
            task.on_total(window.expected)
            task.on_rows(sum(page.rows_read for page in window.pages.values()))
        try:
            reader = rest if checkpoint.transport == "rest" else bulk
            reader.read_window(task, window)
        except MENDABLE_ERRORS as error:
            task.reset(window)
            restarts += isinstance(error, StaleJobError)
            _mend(task, window, error, restarts)
    for window in checkpoint.windows:
        if window.job_id:
            bulk.delete_job(task, window.job_id)


def _mend(task: "ObjectTask", window: Window, error: ExtractionError, restarts: int) -> None:
    """Change the plan so that another try can work, or raise the error."""
    if isinstance(error, UnsupportedByBulkError) and task.checkpoint.transport != "rest":
        task.checkpoint.transport = "rest"
    elif isinstance(error, QueryTimeoutError):
        _split(task, window, error)
    elif not (isinstance(error, StaleJobError) and restarts <= RESTARTS):
        raise error


def _choose_transport(task: "ObjectTask", window: Window) -> None:
    """REST for few rows, Bulk for many; a count that times out means many."""
    if task.checkpoint.transport == "rest":
        return
    try:
        total: int | None = task.client.count(task.name, window.where(task.schema.cursor))
    except QueryTimeoutError:
        total = None
    task.on_total(total)
    if total is not None and total <= task.rest_rows:
        task.checkpoint.transport = "rest"


def _split(task: "ObjectTask", window: Window, error: QueryTimeoutError) -> None:
    """Replace a window by its halves."""
    cursor = task.schema.cursor
    since = parse_iso(window.since) if window.since else EARLIEST
    until = parse_iso(window.until) if window.until else task.client.org.now()
    if cursor is None or until - since < SHORTEST_WINDOW:
        raise ExtractionError(
            f"{error} Its window cannot be made smaller. Ask Salesforce for an index on "
            f"{cursor or 'the object'}, or exclude costly formula fields in objects.yml."
        ) from error
    middle = iso(since + (until - since) / 2)
    index = task.checkpoint.windows.index(window)
    task.checkpoint.windows[index : index + 1] = [
        Window(window.since, middle),
        Window(middle, window.until),
    ]
    task.save()
