"""The REST API: resources, describe, limits, query with paging, single records."""

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Response, delete, get, patch, post
from litestar.params import Parameter

from extract.sandbox.org import DAILY_REQUESTS, USER_ID
from extract.sandbox.served import (
    AnyRequest,
    ApiError,
    Rows,
    Served,
    json_body,
    not_found,
    rest_value,
    served,
)
from extract.sandbox.soql import CompiledQuery

PAGE_ROWS = 2000
SMALLEST_PAGE_ROWS = 200
Soql = Annotated[str, Parameter(query="q")]


@get("/")
async def resources(request: AnyRequest, version: str) -> dict[str, str]:
    """The resources of one API version."""
    names = ("sobjects", "query", "queryAll", "limits", "jobs")
    listed = {name: f"/services/data/{version}/{name}" for name in names}
    here = served(request)
    return listed | {"identity": f"{here.base_url}/id/{here.org.organization_id}/{USER_ID}"}


@get("/limits")
async def limits(request: AnyRequest) -> dict[str, dict[str, int]]:
    """What is left of the org's limits."""
    remaining = served(request).org.remaining_requests()
    return {
        "DailyApiRequests": {"Max": DAILY_REQUESTS, "Remaining": remaining},
        "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
        "DailyBulkV2QueryFileStorageMB": {"Max": 976_562, "Remaining": 976_562},
    }


def _without_fields(describe: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in describe.items() if key != "fields"}


@get("/sobjects")
async def sobjects(request: AnyRequest) -> dict[str, Any]:
    """All objects, without their fields."""
    listed = [_without_fields(describe) for describe in served(request).org.describes.values()]
    return {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed}


@get("/sobjects/{name:str}")
async def basic_information(request: AnyRequest, name: str) -> dict[str, Any]:
    """One object, without its fields."""
    here = served(request)
    describe = here.org.describes[here.object_name(name)]
    return {"objectDescribe": _without_fields(describe), "recentItems": []}


@get("/sobjects/{name:str}/describe")
async def describe(request: AnyRequest, name: str) -> dict[str, Any]:
    """One object with all its fields."""
    here = served(request)
    return here.org.describes[here.object_name(name)]


@get("/sobjects/{name:str}/deleted", sync_to_thread=True)
def deleted(request: AnyRequest, name: str, start: str, end: str) -> dict[str, Any]:
    """Records that were deleted in a span of time."""
    here = served(request)
    first, last = _moment(start), _moment(end)
    with here.org.cursor() as cursor:
        found = cursor.execute(
            'select id, deleted_at from "_deleted" where object = ? and deleted_at >= ? '
            "and deleted_at < ? order by deleted_at",
            [here.object_name(name), first, last],
        ).fetchall()
    return {
        "deletedRecords": [
            {"id": identifier, "deletedDate": rest_value(at)} for identifier, at in found
        ],
        "earliestDateAvailable": rest_value(first),
        "latestDateCovered": rest_value(last),
    }


@get("/query", sync_to_thread=True)
def query(request: AnyRequest, version: str, soql: Soql) -> dict[str, Any]:
    """Run a query over the records that are not deleted."""
    return _run(request, soql, version, include_deleted=False)


@get("/queryAll", sync_to_thread=True)
def query_all(request: AnyRequest, version: str, soql: Soql) -> dict[str, Any]:
    """Run a query over all records."""
    return _run(request, soql, version, include_deleted=True)


@get(["/query/{locator:str}", "/queryAll/{locator:str}"], sync_to_thread=True)
def query_more(request: AnyRequest, version: str, locator: str) -> dict[str, Any]:
    """The next page of a query."""
    here = served(request)
    key, _, start = locator.rpartition("-")
    found = here.cursors.find(key)
    if found is None or not start.isdigit():
        raise ApiError("INVALID_QUERY_LOCATOR", "invalid query locator")
    compiled, rows = found
    return _page(here, compiled, rows, int(start), _batch_size(request), version, key)


def _run(request: AnyRequest, soql: str, version: str, *, include_deleted: bool) -> dict[str, Any]:
    here = served(request)
    compiled = here.org.compile(soql, include_deleted=include_deleted, bulk=False)
    here.org.refuse_long_query(compiled)
    rows = _fetch(here, compiled)
    if compiled.is_count:
        return {"totalSize": rows[0][0], "done": True, "records": []}
    return _page(here, compiled, rows, 0, _batch_size(request), version, None)


def _fetch(here: Served, compiled: CompiledQuery) -> Rows:
    with here.org.cursor() as cursor:
        return cursor.execute(compiled.sql, list(compiled.parameters)).fetchall()


def _page(
    here: Served,
    compiled: CompiledQuery,
    rows: Rows,
    start: int,
    size: int,
    version: str,
    locator: str | None,
) -> dict[str, Any]:
    done = start + size >= len(rows)
    answer: dict[str, Any] = {"totalSize": len(rows), "done": done}
    if not done:
        locator = locator or here.cursors.keep(compiled, rows)
        if not here.org.misbehaviour.text("done_without_next"):
            answer["nextRecordsUrl"] = f"/services/data/{version}/query/{locator}-{start + size}"
    page = rows[start : start + size]
    answer["records"] = [_record(compiled, row, version) for row in page]
    return answer


def _record(compiled: CompiledQuery, row: tuple[Any, ...], version: str) -> dict[str, Any]:
    name = compiled.object_name
    document: dict[str, Any] = {"attributes": {"type": name}}
    for key, value in zip(compiled.fields, row, strict=True):
        relationship, _, inner = key.rpartition(".")
        if relationship:
            nested = document.setdefault(relationship, {"attributes": {"type": relationship}})
            nested[inner] = rest_value(value)
        else:
            document[key] = rest_value(value)
    if "Id" in document:
        url = f"/services/data/{version}/sobjects/{name}/{document['Id']}"
        document["attributes"]["url"] = url
    return document


@post("/sobjects/{name:str}", status_code=201)
async def create(request: AnyRequest, name: str) -> Response[dict[str, Any]]:
    """Make one record."""
    here = served(request)
    identifier = here.org.create(here.object_name(name), await json_body(request))
    if here.org.misbehaviour.take("lost_replies"):
        return Response({}, status_code=503)
    return Response({"id": identifier, "success": True, "errors": []}, status_code=201)


@get("/sobjects/{name:str}/{identifier:str}", sync_to_thread=True)
def read(request: AnyRequest, version: str, name: str, identifier: str) -> dict[str, Any]:
    """Read one record."""
    here = served(request)
    known = here.object_name(name)
    described = here.org.describes[known]["fields"]
    names = [each["name"] for each in described if each["type"] not in {"address", "base64"}]
    soql = f"SELECT {', '.join(names)} FROM {known} WHERE Id = '{identifier[:15]}'"
    compiled = here.org.compile(soql, include_deleted=False, bulk=False)
    rows = _fetch(here, compiled)
    if not rows:
        raise not_found()
    return _record(compiled, rows[0], version)


@patch("/sobjects/{name:str}/{identifier:str}", status_code=204)
async def update(request: AnyRequest, name: str, identifier: str) -> None:
    """Change one record."""
    here = served(request)
    if not here.org.update(here.object_name(name), identifier, await json_body(request)):
        raise not_found()


@delete("/sobjects/{name:str}/{identifier:str}", status_code=204)
async def soft_delete(request: AnyRequest, name: str, identifier: str) -> None:
    """Put one record into the recycle bin."""
    here = served(request)
    if not here.org.update(here.object_name(name), identifier, {"IsDeleted": True}):
        raise not_found()


def _batch_size(request: AnyRequest) -> int:
    options = request.headers.get("sforce-query-options", "")
    _, _, wanted = options.partition("batchSize=")
    if not wanted.isdigit():
        return PAGE_ROWS
    return max(SMALLEST_PAGE_ROWS, min(int(wanted), PAGE_ROWS))


def _moment(text: str) -> datetime:
    # An unescaped plus sign of the zone arrives as a blank.
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise ApiError("INVALID_REPLICATION_DATE", f"not a date and time: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


HANDLERS = [
    resources,
    limits,
    sobjects,
    basic_information,
    describe,
    deleted,
    query,
    query_all,
    query_more,
    create,
    read,
    update,
    soft_delete,
]
