"""Read one window of an object through a Bulk 2.0 query job.

Each page of the result streams from the connection through the CSV parser into a Parquet file of
its own. A page that breaks is read again from its locator; the locator of the next page arrives
in the header of the current one, so pages overlap without asking the org for anything more.
"""

import contextlib
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import IO, Any, cast

import requests
import urllib3
from simple_salesforce.bulk2 import Operation
from simple_salesforce.exceptions import SalesforceError

from extract.checkpoint import FIRST_PAGE, Page, Window
from extract.client import translate
from extract.convert import (
    BLOCK_BYTES,
    LARGEST_BLOCK_BYTES,
    CleanStream,
    DoesNotFitError,
    Findings,
    RowTooLongError,
    read_csv,
)
from extract.errors import (
    ExtractionError,
    IncompleteResultError,
    QueryTimeoutError,
    StaleJobError,
    disk_error,
)
from extract.task import ObjectTask
from salesforce.errors import OrgError, UnreachableError
from salesforce.http import ATTEMPTS, TRANSPORT_ERRORS, back_off_seconds

PARALLEL_PAGES_PER_JOB = 3
FIRST_POLL_SECONDS = 0.1
LONGEST_POLL_SECONDS = 10.0
# A job's end is seen at the latest when a quarter more time has passed than it took.
POLL_GROWTH = 1.25
LONGEST_JOB_SECONDS = 12 * 3600
STREAM_ERRORS = (*TRANSPORT_ERRORS, urllib3.exceptions.HTTPError, OSError)


def read_window(task: ObjectTask, window: Window) -> None:
    """Read a window to its end, going on from its checkpoint.

    Raises QueryTimeoutError when the org gives up on the query, StaleJobError when it has
    forgotten the job, IncompleteResultError when rows are missing.
    """
    if window.job_id is None:
        window.job_id = _create_job(task, window)
        task.save()
    window.expected = _wait_for_job(task, window.job_id)
    _read_pages(task, window)
    rows = sum(page.rows_read for page in window.pages.values())
    if rows != window.expected:
        raise IncompleteResultError(
            f"{task.name}: job {window.job_id} announced {window.expected:,} rows but delivered "
            f"{rows:,}; nothing of it is taken over. Run again to read it anew."
        )
    window.done = True
    task.save()


def delete_job(task: ObjectTask, job_id: str) -> None:
    """Tidy up in the org; a job that stays behind does no harm, so failure is ignored."""
    with contextlib.suppress(SalesforceError, ExtractionError, ValueError):
        _client(task).delete_job(job_id, is_query=True)


def _client(task: ObjectTask) -> Any:
    """simple-salesforce's Bulk 2.0 requests; its public layer can do no resumable queryAll."""
    bulk2: Any = task.client.salesforce.bulk2
    return getattr(bulk2, task.name)._client  # noqa: SLF001 - see above


def _create_job(task: ObjectTask, window: Window) -> str:
    soql = task.schema.select(window.where(task.schema.cursor))
    try:
        return str(_client(task).create_job(Operation.query_all, soql)["id"])
    except SalesforceError as error:
        raise translate(error, task.name) from error


def _wait_for_job(task: ObjectTask, job_id: str) -> int:
    """Poll until the job is complete; returns its row count."""
    delay = FIRST_POLL_SECONDS
    deadline = time.monotonic() + LONGEST_JOB_SECONDS
    while time.monotonic() < deadline:
        try:
            job = _client(task).get_job(job_id, is_query=True)
        except SalesforceError as error:
            raise translate(error, task.name) from error
        state = job["state"]
        if state == "JobComplete":
            return int(job["numberRecordsProcessed"])
        message = str(job.get("errorMessage") or "no reason given")
        if state == "Aborted":
            raise StaleJobError(f"{task.name}: job {job_id} was aborted in the org.")
        if state == "Failed" and "TIMEOUT" in message.upper():
            raise QueryTimeoutError(f"{task.name}: the org gave up on the query ({message}).")
        if state == "Failed":
            raise ExtractionError(f"{task.name}: job {job_id} failed in the org: {message}")
        task.client.org.pause(delay)
        delay = min(LONGEST_POLL_SECONDS, delay * POLL_GROWTH)
    raise UnreachableError(
        f"{task.name}: job {job_id} is not complete after {LONGEST_JOB_SECONDS // 3600} hours. "
        "Run again to go on waiting for it."
    )


def _read_pages(task: ObjectTask, window: Window) -> None:
    """Read all pages that are not durable yet, several at a time."""
    with ThreadPoolExecutor(PARALLEL_PAGES_PER_JOB, thread_name_prefix=task.name) as pool:
        running: set[Future[None]] = set()
        started: set[str] = set()

        def start(locator: str | None) -> None:
            # Pages that are durable already lead on to the first that is not.
            while locator is not None and locator in window.pages:
                locator = window.pages[locator].next
            with task.lock:
                if locator is None or locator in started:
                    return
                started.add(locator)
                running.add(pool.submit(_read_page, task, window, locator, start))

        start(FIRST_PAGE)
        try:
            while running:
                done, _ = wait(set(running), return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                    running.discard(future)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _read_page(task: ObjectTask, window: Window, locator: str, start: Any) -> None:
    """Read one page until it is durable; the bounded repeats are for faults on the way."""
    block_bytes = BLOCK_BYTES
    faults = 0
    with task.page_slots:
        while True:
            findings = Findings()
            try:
                page = _read_page_once(task, window, locator, start, findings, block_bytes)
            except RowTooLongError as error:
                block_bytes *= 8
                if block_bytes > LARGEST_BLOCK_BYTES:
                    raise IncompleteResultError(
                        f"{task.name}: a row of job {window.job_id} is longer than "
                        f"{LARGEST_BLOCK_BYTES >> 20} MiB, or its quotes do not close."
                    ) from error
            except DoesNotFitError as error:
                with task.lock:
                    task.columns.relax(error.column)
            except IncompleteResultError as error:
                faults += 1
                if faults == ATTEMPTS:
                    raise IncompleteResultError(
                        f"{task.name}: job {window.job_id} at locator {locator or 'first'}: {error}"
                    ) from error
                task.client.org.pause(back_off_seconds(faults))
            except STREAM_ERRORS as error:
                faults += 1
                _refuse_fault(task, error, faults)
                task.client.org.pause(back_off_seconds(faults))
            else:
                task.add_page(window, locator, page, findings)
                return
            task.client.counter.add(retries=1)


def _refuse_fault(task: ObjectTask, error: BaseException, faults: int) -> None:
    """Raise what ends the reading of a page: a disk that takes no more, or the last attempt."""
    if disk := disk_error(error):
        raise disk from error
    if faults == ATTEMPTS:
        raise UnreachableError(
            f"{task.name}: the download broke off {ATTEMPTS} times at the same page "
            f"({type(error).__name__}). What was read is kept; run again later."
        ) from error


def _read_page_once(
    task: ObjectTask,
    window: Window,
    locator: str,
    start: Any,
    findings: Findings,
    block_bytes: int,
) -> Page:
    """Stream one page into a file; checks it against Sforce-NumberOfRecords."""
    parameters: dict[str, str | int] = {"maxRecords": task.bulk_page_rows}
    if locator != FIRST_PAGE:
        parameters["locator"] = locator
    url = f"{task.client.salesforce.bulk2_url}query/{window.job_id}/results"
    with task.client.http.request(
        "GET", url, params=parameters, headers={"Accept": "text/csv"}, stream=True
    ) as response:
        if response.status_code >= requests.codes.multiple_choices:
            raise _refusal(task, response)
        following = response.headers.get("Sforce-Locator", "null")
        next_locator = None if following in ("null", "") else following
        if next_locator == locator:
            raise IncompleteResultError("the locator leads to its own page")
        start(next_locator)
        announced = response.headers.get("Sforce-NumberOfRecords")
        response.raw.decode_content = True
        stream = CleanStream(cast("IO[bytes]", response.raw))
        writer = task.writer()
        with task.lock:
            columns = task.columns.copy()
        try:
            for batch in read_csv(stream, columns, findings, block_bytes=block_bytes):
                task.client.org.pause(0)
                writer.add(batch)
                task.on_rows(batch.num_rows)
            _check_rows(announced, writer.rows_read)
            page = writer.finish()
        except BaseException:
            writer.abandon()
            task.on_rows(-writer.rows_read)
            raise
    findings.nul_bytes += stream.nul_bytes
    page.next = next_locator
    return page


def _check_rows(announced: str | None, rows: int) -> None:
    if announced is not None and rows != int(announced):
        raise IncompleteResultError(f"the page announced {int(announced):,} rows but held {rows:,}")


def _refusal(task: ObjectTask, response: requests.Response) -> OrgError:
    try:
        content = response.json()
    except ValueError:
        content = response.text
    return translate(
        SalesforceError(response.url, response.status_code, task.name, content), task.name
    )
