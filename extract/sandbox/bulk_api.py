"""The Bulk API 2.0 endpoints for query jobs."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import Annotated, Any

from litestar import Response, delete, get, patch, post
from litestar.params import Parameter
from litestar.response import Stream

from extract.sandbox.bulk import LARGEST_PAGE, PAGES_AT_ONCE, Job, Page
from extract.sandbox.served import AnyRequest, ApiError, json_body, not_found, served

GZIP = 16 + zlib.MAX_WBITS
Maximum = Annotated[int | None, Parameter(query="maxRecords")]


def _job(request: AnyRequest, identifier: str) -> Job:
    job = served(request).jobs.get(identifier)
    if job is None:
        raise not_found()
    return job


@post("/jobs/query", status_code=200)
async def create_job(request: AnyRequest, version: str) -> dict[str, Any]:
    """Start a query job."""
    body = await request.body()
    job = await asyncio.to_thread(served(request).jobs.create, body)
    return job.document(version) | {"state": "UploadComplete"}


@get("/jobs/query")
async def list_jobs(request: AnyRequest, version: str) -> dict[str, Any]:
    """All query jobs."""
    records = [job.document(version) for job in served(request).jobs.all()]
    return {"done": True, "records": records, "nextRecordsUrl": None}


@get("/jobs/query/{identifier:str}")
async def get_job(request: AnyRequest, version: str, identifier: str) -> dict[str, Any]:
    """The state of a job."""
    return _job(request, identifier).document(version)


@patch("/jobs/query/{identifier:str}", status_code=200)
async def abort_job(request: AnyRequest, version: str, identifier: str) -> dict[str, Any]:
    """Abort a job."""
    job = _job(request, identifier)
    if (await json_body(request)).get("state") != "Aborted":
        raise ApiError("INVALIDJOBSTATE", "state can only be set to Aborted")
    served(request).jobs.abort(job)
    return job.document(version)


@delete("/jobs/query/{identifier:str}", status_code=204)
async def delete_job(request: AnyRequest, identifier: str) -> None:
    """Delete a job and its result."""
    served(request).jobs.delete(_job(request, identifier))


@get("/jobs/query/{identifier:str}/resultPages")
async def result_pages(
    request: AnyRequest,
    version: str,
    identifier: str,
    locator: str | None = None,
    maximum: Maximum = None,
) -> dict[str, Any]:
    """Addresses of up to five pages, for parallel download."""
    job = _job(request, identifier)
    size = _page_size(maximum)
    start = _start(locator)
    after = start + PAGES_AT_ONCE * size
    base = f"/services/data/{version}/jobs/query/{identifier}"
    answer: dict[str, Any] = {
        "resultPages": [
            {"resultUrl": f"{base}/results?locator={_locator(at)}&maxRecords={size}"}
            for at in range(start, min(after, job.records), size)
        ],
        "done": after >= job.records,
    }
    if after < job.records:
        answer["nextRecordsUrl"] = f"{base}/resultPages?locator={_locator(after)}"
    return answer


@get("/jobs/query/{identifier:str}/results")
async def results(
    request: AnyRequest, identifier: str, locator: str | None = None, maximum: Maximum = None
) -> Response[Any]:
    """One page of the result as CSV, compressed on request."""
    here = served(request)
    job = _job(request, identifier)
    misbehaviour = here.org.misbehaviour
    if job.state != "JobComplete":
        raise ApiError("INVALIDJOBSTATE", f"Job {identifier} is {job.state}, not JobComplete")
    size = _page_size(maximum)
    start = _start(locator)
    if start and start >= job.records:
        raise ApiError("INVALID_QUERY_LOCATOR", "invalid query locator")
    empty = misbehaviour.text("empty_result")
    if job.records == 0 and empty in {"empty", "204"}:
        headers = {"Sforce-NumberOfRecords": "0", "Sforce-Locator": "null"}
        status = 204 if empty == "204" else 200
        return Response(b"", status_code=status, headers=headers, media_type="text/csv")
    page = here.jobs.page(job, start, size)
    after = start + size
    lost = misbehaviour.number("lost_pages")
    is_last = after >= job.records or (lost is not None and after >= lost * size)
    headers = {
        "Sforce-NumberOfRecords": str(page.announced),
        "Sforce-Locator": "null" if is_last else _locator(after),
    }
    breaks_at = page.length // 2 if misbehaviour.take("dropped_connections") else None
    blocks = _plain(page, breaks_at)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        blocks = _compressed(blocks)
    else:
        headers["Content-Length"] = str(page.length)
    return Stream(blocks, headers=headers, media_type="text/csv; charset=UTF-8")


async def _plain(page: Page, breaks_at: int | None) -> AsyncIterator[bytes]:
    """The page's bytes, up to where the connection breaks off when it is told to."""
    sent = 0
    for block in page.blocks():
        if breaks_at is not None and sent + len(block) > breaks_at:
            yield block[: breaks_at - sent]
            raise ConnectionAbortedError("the connection breaks off, as told")
        sent += len(block)
        yield block


async def _compressed(blocks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(1, zlib.DEFLATED, GZIP)
    async for block in blocks:
        if packed := await asyncio.to_thread(packer.compress, block):
            yield packed
    yield packer.flush()


def _page_size(maximum: int | None) -> int:
    return max(1, min(maximum or LARGEST_PAGE, LARGEST_PAGE))


def _locator(start: int) -> str:
    return f"P{start:X}"


def _start(locator: str | None) -> int:
    if locator is None or locator == "null":
        return 0
    try:
        return int(locator.removeprefix("P"), 16)
    except ValueError:
        raise ApiError("INVALID_QUERY_LOCATOR", "invalid query locator") from None


HANDLERS = [create_job, list_jobs, get_job, abort_job, delete_job, result_pages, results]
