"""The HTTP face of the sandbox org: sign-in, REST, Bulk 2.0 and the control endpoint."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Litestar, MediaType, Request, Response, Router, delete, get, patch, post
from litestar.exceptions import HTTPException
from litestar.params import Parameter
from litestar.response import Stream
from litestar.types import ASGIApp, Receive, Scope, Send

from extract.sandbox import sessions
from extract.sandbox.bulk import LARGEST_PAGE, PAGES_AT_ONCE, BulkJobs
from extract.sandbox.misbehaviour import SWITCHES, UnknownSwitchError
from extract.sandbox.org import ORGANIZATION_ID, USER_ID, Org
from extract.sandbox.soql import CompiledQuery, SoqlError

VERSIONS = range(58, 68)
PAGE_ROWS = 2000
LONGEST_URI = 16_384
STREAM_BYTES = 1 << 20
OPEN_CURSORS = 200
STATUS = {
    "NOT_FOUND": 404,
    "INVALID_SESSION_ID": 401,
    "REQUEST_LIMIT_EXCEEDED": 403,
}
Query = Annotated[str, Parameter(query="q")]


class ApiError(Exception):
    """An error in the form the REST API gives: a status and a list of one."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status or STATUS.get(code, 400)


class _Cursors:
    """Rows that wait for their next page, by locator; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, tuple[CompiledQuery, list[tuple[Any, ...]]]] = OrderedDict()
        self._next = 0

    def keep(self, compiled: CompiledQuery, rows: list[tuple[Any, ...]]) -> str:
        self._next += 1
        locator = f"01g5g{self._next:010d}AAA"
        self._rows[locator] = (compiled, rows)
        while len(self._rows) > OPEN_CURSORS:
            self._rows.popitem(last=False)
        return locator

    def find(self, locator: str) -> tuple[CompiledQuery, list[tuple[Any, ...]]] | None:
        return self._rows.get(locator)


def create_application(org: Org, spool: Path, key_path: Path, base_url: str) -> Litestar:
    """Assemble the application for one org; `spool` takes bulk results, `base_url` is its own."""
    credentials = sessions.Credentials()
    jobs = BulkJobs(org, spool)
    cursors = _Cursors()

    def open_session() -> str:
        lifetime = org.misbehaviour.number("session_requests")
        return org.sessions.open(ORGANIZATION_ID, lifetime)

    @post("/services/oauth2/token", status_code=200)
    async def token(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        form |= dict(request.query_params.items())
        try:
            with_refresh = sessions.check_grant(form, credentials, key_path, base_url)
        except sessions.SignInRefusedError as refused:
            body = {"error": refused.code, "error_description": str(refused)}
            return Response(body, status_code=400)
        answer: dict[str, Any] = {
            "access_token": open_session(),
            "instance_url": base_url,
            "id": f"{base_url}/id/{ORGANIZATION_ID}/{USER_ID}",
            "token_type": "Bearer",
            "issued_at": str(int(datetime.now(UTC).timestamp() * 1000)),
            "signature": "c2FuZGJveA==",
            "scope": "api refresh_token",
        }
        if with_refresh:
            answer["refresh_token"] = credentials.refresh_token
        return Response(answer)

    @post("/services/Soap/{kind:str}/{version:str}", status_code=200)
    async def soap_login(request: Request[Any, Any, Any], version: str) -> Response[str]:
        if org.misbehaviour.text("soap_down"):
            return Response("<html>Service Unavailable</html>", status_code=503)
        body = await request.body()
        try:
            sessions.check_soap_login(body, float(version), credentials)
        except sessions.SignInRefusedError as refused:
            fault = sessions.soap_fault(refused.code, str(refused))
            return Response(fault, status_code=500, media_type="text/xml; charset=UTF-8")
        url = f"{base_url}/services/Soap/u/{version}/{ORGANIZATION_ID}"
        envelope = sessions.soap_success(url, open_session(), USER_ID, ORGANIZATION_ID)
        return Response(envelope, media_type="text/xml; charset=UTF-8")

    identity = {
        "user_id": USER_ID,
        "organization_id": ORGANIZATION_ID,
        "username": credentials.username,
        "preferred_username": credentials.username,
        "display_name": "Sandbox Administrator",
        "name": "Sandbox Administrator",
        "email": credentials.username,
        "active": True,
        "urls": {"rest": f"{base_url}/services/data/v{{version}}/"},
    }

    @get(["/services/oauth2/userinfo", "/id/{organization:str}/{user:str}"])
    async def who(request: Request[Any, Any, Any]) -> dict[str, Any]:
        return identity

    @get("/services/data")
    async def versions() -> list[dict[str, str]]:
        return [
            {"label": f"v{number}", "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
            for number in VERSIONS
        ]

    @get("/")
    async def resources(version: str) -> dict[str, str]:
        return {
            name: f"/services/data/{version}/{name}"
            for name in ("sobjects", "query", "queryAll", "limits", "jobs")
        } | {"identity": f"{base_url}/id/{ORGANIZATION_ID}/{USER_ID}"}

    @get("/limits")
    async def limits() -> dict[str, dict[str, int]]:
        remaining = org.remaining_requests()
        return {
            "DailyApiRequests": {"Max": 100_000, "Remaining": remaining},
            "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
            "DailyBulkV2QueryFileStorageMB": {"Max": 976_562, "Remaining": 976_562},
        }

    @get("/sobjects")
    async def sobjects() -> dict[str, Any]:
        listed = [
            {key: value for key, value in describe.items() if key not in {"fields"}}
            for describe in org.describes.values()
        ]
        return {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed}

    def known_object(name: str) -> str:
        sobject = org.schema.get(name.lower())
        if sobject is None:
            raise ApiError("NOT_FOUND", "The requested resource does not exist", 404)
        return sobject.name

    @get("/sobjects/{name:str}")
    async def basic(name: str) -> dict[str, Any]:
        describe = org.describes[known_object(name)]
        return {
            "objectDescribe": {k: v for k, v in describe.items() if k != "fields"},
            "recentItems": [],
        }

    @get("/sobjects/{name:str}/describe")
    async def describe_object(name: str) -> dict[str, Any]:
        return org.describes[known_object(name)]

    @get("/sobjects/{name:str}/deleted", sync_to_thread=True)
    def deleted(name: str, start: str, end: str) -> dict[str, Any]:
        known = known_object(name)
        first, last = _moment(start), _moment(end)
        with org.cursor() as cursor:
            tables = cursor.execute("select 1 from duckdb_tables() where table_name = '_deleted'")
            found: list[Any] = []
            if tables.fetchall():
                found = cursor.execute(
                    'select id, deleted_at from "_deleted" where object = ? '
                    "and deleted_at >= ? and deleted_at < ? order by deleted_at",
                    [known, first, last],
                ).fetchall()
        return {
            "deletedRecords": [{"id": row[0], "deletedDate": _rest(row[1])} for row in found],
            "earliestDateAvailable": _rest(first),
            "latestDateCovered": _rest(last),
        }

    def record_document(
        compiled: CompiledQuery, row: tuple[Any, ...], version: str
    ) -> dict[str, Any]:
        name = compiled.object_name
        document: dict[str, Any] = {"attributes": {"type": name}}
        for key, value in zip(compiled.fields, row, strict=True):
            if "." in key:
                relationship, inner = key.split(".")
                nested = document.setdefault(relationship, {"attributes": {"type": relationship}})
                nested[inner] = _rest(value)
            else:
                document[key] = _rest(value)
        if "Id" in document:
            url = f"/services/data/{version}/sobjects/{name}/{document['Id']}"
            document["attributes"]["url"] = url
        return document

    def answer_page(
        compiled: CompiledQuery,
        rows: list[tuple[Any, ...]],
        start: int,
        size: int,
        version: str,
        locator: str | None,
    ) -> dict[str, Any]:
        page = rows[start : start + size]
        done = start + size >= len(rows)
        answer: dict[str, Any] = {"totalSize": len(rows), "done": done}
        if not done:
            locator = locator or cursors.keep(compiled, rows)
            if not org.misbehaviour.text("done_without_next"):
                next_url = f"/services/data/{version}/query/{locator}-{start + size}"
                answer["nextRecordsUrl"] = next_url
        answer["records"] = [record_document(compiled, row, version) for row in page]
        return answer

    def run_query(
        request: Request[Any, Any, Any], soql: str, version: str, *, include_deleted: bool
    ) -> dict[str, Any]:
        compiled = org.compile(soql, include_deleted=include_deleted, bulk=False)
        org.refuse_long_query(compiled)
        with org.cursor() as cursor:
            rows = cursor.execute(compiled.sql, list(compiled.parameters)).fetchall()
        if compiled.is_count:
            return {"totalSize": rows[0][0], "done": True, "records": []}
        return answer_page(compiled, rows, 0, _batch_size(request), version, None)

    @get("/query", sync_to_thread=True)
    def query(request: Request[Any, Any, Any], version: str, soql: Query) -> dict[str, Any]:
        return run_query(request, soql, version, include_deleted=False)

    @get("/queryAll", sync_to_thread=True)
    def query_all(request: Request[Any, Any, Any], version: str, soql: Query) -> dict[str, Any]:
        return run_query(request, soql, version, include_deleted=True)

    @get(["/query/{locator:str}", "/queryAll/{locator:str}"], sync_to_thread=True)
    def query_more(request: Request[Any, Any, Any], version: str, locator: str) -> dict[str, Any]:
        key, _, start = locator.rpartition("-")
        found = cursors.find(key)
        if found is None or not start.isdigit():
            raise ApiError("INVALID_QUERY_LOCATOR", "invalid query locator")
        compiled, rows = found
        return answer_page(compiled, rows, int(start), _batch_size(request), version, key)

    @post("/sobjects/{name:str}", status_code=201)
    async def create(request: Request[Any, Any, Any], name: str) -> Response[dict[str, Any]]:
        identifier = org.create(known_object(name), await _json(request))
        if org.misbehaviour.take("duplicate_reply_lost"):
            return Response({}, status_code=503)
        return Response({"id": identifier, "success": True, "errors": []}, status_code=201)

    @get("/sobjects/{name:str}/{identifier:str}", sync_to_thread=True)
    def read(version: str, name: str, identifier: str) -> dict[str, Any]:
        known = known_object(name)
        fields = ", ".join(field.name for field in org.schema[known.lower()].fields.values())
        soql = f"SELECT {fields} FROM {known} WHERE Id = '{identifier[:15]}'"
        compiled = org.compile(soql, include_deleted=False, bulk=False)
        with org.cursor() as cursor:
            rows = cursor.execute(compiled.sql, list(compiled.parameters)).fetchall()
        if not rows:
            raise ApiError("NOT_FOUND", "The requested resource does not exist", 404)
        return record_document(compiled, rows[0], version)

    @patch("/sobjects/{name:str}/{identifier:str}", status_code=204)
    async def update(request: Request[Any, Any, Any], name: str, identifier: str) -> None:
        if not org.update(known_object(name), identifier, await _json(request)):
            raise ApiError("NOT_FOUND", "The requested resource does not exist", 404)

    @delete("/sobjects/{name:str}/{identifier:str}", status_code=204)
    async def soft_delete(name: str, identifier: str) -> None:
        if not org.update(known_object(name), identifier, {"IsDeleted": True}):
            raise ApiError("NOT_FOUND", "The requested resource does not exist", 404)

    def known_job(identifier: str) -> Any:
        job = jobs.get(identifier)
        if job is None:
            raise ApiError("NOT_FOUND", "The requested resource does not exist", 404)
        return job

    @post("/jobs/query", status_code=200)
    async def create_job(request: Request[Any, Any, Any], version: str) -> dict[str, Any]:
        body = await request.body()
        job = await asyncio.to_thread(jobs.create, body)
        document: dict[str, Any] = job.document(version)
        return document | {"state": "UploadComplete"}

    @get("/jobs/query")
    async def list_jobs(version: str) -> dict[str, Any]:
        records = [job.document(version) for job in jobs.all()]
        return {"done": True, "records": records, "nextRecordsUrl": None}

    @get("/jobs/query/{identifier:str}")
    async def get_job(version: str, identifier: str) -> dict[str, Any]:
        document: dict[str, Any] = known_job(identifier).document(version)
        return document

    @patch("/jobs/query/{identifier:str}", status_code=200)
    async def abort_job(
        request: Request[Any, Any, Any], version: str, identifier: str
    ) -> dict[str, Any]:
        job = known_job(identifier)
        if (await _json(request)).get("state") != "Aborted":
            raise ApiError("INVALIDJOBSTATE", "state can only be set to Aborted")
        jobs.abort(job)
        document: dict[str, Any] = job.document(version)
        return document

    @delete("/jobs/query/{identifier:str}", status_code=204)
    async def delete_job(identifier: str) -> None:
        jobs.delete(known_job(identifier))

    def page_size(maximum: int | None) -> int:
        return max(1, min(maximum or LARGEST_PAGE, LARGEST_PAGE))

    @get("/jobs/query/{identifier:str}/resultPages")
    async def result_pages(
        version: str,
        identifier: str,
        locator: str | None = None,
        maximum: Annotated[int | None, Parameter(query="maxRecords")] = None,
    ) -> dict[str, Any]:
        job = known_job(identifier)
        size = page_size(maximum)
        start = _locator_start(locator)
        starts = [start + n * size for n in range(PAGES_AT_ONCE) if start + n * size < job.records]
        after = start + PAGES_AT_ONCE * size
        base = f"/services/data/{version}/jobs/query/{identifier}"
        answer: dict[str, Any] = {
            "resultPages": [
                {"resultUrl": f"{base}/results?locator={_locator(at)}&maxRecords={size}"}
                for at in starts
            ],
            "done": after >= job.records,
        }
        if after < job.records:
            answer["nextRecordsUrl"] = f"{base}/resultPages?locator={_locator(after)}"
        return answer

    @get("/jobs/query/{identifier:str}/results")
    async def results(
        request: Request[Any, Any, Any],
        identifier: str,
        locator: str | None = None,
        maximum: Annotated[int | None, Parameter(query="maxRecords")] = None,
    ) -> Response[Any]:
        job = known_job(identifier)
        if job.state != "JobComplete":
            raise ApiError("INVALIDJOBSTATE", f"Job {identifier} is {job.state}, not JobComplete")
        size = page_size(maximum)
        start = _locator_start(locator)
        if start and start >= job.records:
            raise ApiError("INVALID_QUERY_LOCATOR", "invalid query locator")
        empty = org.misbehaviour.text("empty_result")
        if job.records == 0 and empty in {"empty", "204"}:
            headers = {"Sforce-NumberOfRecords": "0", "Sforce-Locator": "null"}
            status = 204 if empty == "204" else 200
            return Response(b"", status_code=status, headers=headers, media_type="text/csv")
        compressed = "gzip" in request.headers.get("accept-encoding", "")
        path, announced = await asyncio.to_thread(
            jobs.page, job, start, size, compressed=compressed
        )
        after = start + size
        lost = org.misbehaviour.number("lost_pages")
        last = after >= job.records or (lost is not None and after >= lost * size)
        length = path.stat().st_size
        headers = {
            "Sforce-NumberOfRecords": str(announced),
            "Sforce-Locator": "null" if last else _locator(after),
            "Content-Length": str(length),
        }
        if compressed:
            headers["Content-Encoding"] = "gzip"
        breaks_at = length // 2 if org.misbehaviour.take("dropped_connections") else None
        return Stream(
            _file_stream(path, breaks_at),
            headers=headers,
            media_type="text/csv; charset=UTF-8",
        )

    api = Router(
        "/services/data/{version:str}",
        route_handlers=[
            resources,
            limits,
            sobjects,
            basic,
            describe_object,
            deleted,
            query,
            query_all,
            query_more,
            create,
            read,
            update,
            soft_delete,
            create_job,
            list_jobs,
            get_job,
            abort_job,
            delete_job,
            result_pages,
            results,
        ],
    )

    @get("/sandbox/switches")
    async def switches() -> dict[str, Any]:
        return {"on": org.misbehaviour.values(), "known": dict(SWITCHES)}

    @post("/sandbox/switches", status_code=200)
    async def set_switches(request: Request[Any, Any, Any]) -> dict[str, Any]:
        wanted = await _json(request)
        if not wanted:
            org.misbehaviour.clear()
        for name, value in wanted.items():
            try:
                org.misbehaviour.set(name, None if value is None else str(value))
            except UnknownSwitchError as error:
                raise ApiError("UNKNOWN_SWITCH", str(error)) from None
        return {"on": org.misbehaviour.values()}

    @post("/sandbox/sql", status_code=200)
    async def run_sql(request: Request[Any, Any, Any]) -> dict[str, Any]:
        wanted = await _json(request)
        with org.lock, org.cursor() as cursor:
            found = cursor.execute(wanted["sql"], wanted.get("parameters") or []).fetchall()
        return {"rows": [[_rest(value) for value in row] for row in found]}

    @post("/sandbox/describe", status_code=200)
    async def set_describe(request: Request[Any, Any, Any]) -> dict[str, Any]:
        describe = await _json(request)
        org.redescribe(describe["name"], describe)
        return {"name": describe["name"]}

    @post("/sandbox/expire_sessions", status_code=204)
    async def expire_sessions() -> None:
        org.sessions.expire_all()

    return Litestar(
        route_handlers=[
            token,
            soap_login,
            who,
            versions,
            api,
            switches,
            set_switches,
            run_sql,
            set_describe,
            expire_sessions,
        ],
        middleware=[lambda app: _gate(app, org)],
        exception_handlers={
            ApiError: _api_error,
            SoqlError: _soql_error,
            HTTPException: _http_error,
            Exception: _unexpected,
        },
        type_encoders={Decimal: float},
        openapi_config=None,
    )


def _gate(app: ASGIApp, org: Org) -> ASGIApp:
    """Misbehave as told, demand a session where the API does, and count API requests."""

    async def answer(send: Send, status: int, body: bytes, kind: str, **headers: str) -> None:
        listed = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        listed += [(key.replace("_", "-").encode(), headers[key].encode()) for key in headers]
        await send({"type": "http.response.start", "status": status, "headers": listed})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def gate(scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or path.startswith("/sandbox/"):
            await app(scope, receive, send)
            return
        misbehaviour = org.misbehaviour
        if seconds := misbehaviour.seconds("slow_seconds"):
            await asyncio.sleep(seconds)
        is_api = path.startswith("/services/data/")
        length = len(scope.get("raw_path") or path.encode()) + len(scope["query_string"])
        if length > (misbehaviour.number("longest_uri") or LONGEST_URI):
            await answer(send, 414, b"<html><body>URI Too Long</body></html>", "text/html")
            return
        if is_api and misbehaviour.take("status_500"):
            await answer(send, 500, b"", "text/plain")
            return
        if is_api and misbehaviour.take("status_503"):
            await answer(send, 503, b"<html>Service Unavailable</html>", "text/html")
            return
        if is_api and misbehaviour.take("status_429"):
            await answer(send, 429, b"", "text/plain", retry_after="1")
            return
        usage: tuple[int, int] | None = None
        if is_api and path.rstrip("/") != "/services/data":
            headers = dict(scope["headers"])
            scheme, _, value = headers.get(b"authorization", b"").decode().partition(" ")
            if scheme not in {"Bearer", "OAuth"} or not value:
                body = _error_body("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE")
                await answer(send, 401, body, "application/json")
                return
            if misbehaviour.take("expired_requests"):
                org.sessions.expire_all()
            if not org.sessions.accept(value):
                body = _error_body("INVALID_SESSION_ID", "Session expired or invalid")
                await answer(send, 401, body, "application/json")
                return
            usage = org.count_request()
            if usage is None:
                body = _error_body("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
                await answer(send, 403, body, "application/json")
                return

        async def send_with_usage(message: Any) -> None:
            if usage and message["type"] == "http.response.start":
                value = f"api-usage={usage[0]}/{usage[1]}".encode()
                message = {
                    **message,
                    "headers": [*message["headers"], (b"sforce-limit-info", value)],
                }
            await send(message)

        await app(scope, receive, send_with_usage)

    return gate


async def _json(request: Request[Any, Any, Any]) -> dict[str, Any]:
    try:
        value = json.loads(await request.body() or b"{}")
    except ValueError:
        raise ApiError("JSON_PARSER_ERROR", "The request body is not JSON.") from None
    if not isinstance(value, dict):
        raise ApiError("JSON_PARSER_ERROR", "The request body is not a JSON object.")
    return value


async def _file_stream(path: Path, breaks_at: int | None) -> AsyncIterator[bytes]:
    sent = 0
    with path.open("rb") as file:
        while block := file.read(STREAM_BYTES):
            if breaks_at is not None and sent + len(block) > breaks_at:
                yield block[: breaks_at - sent]
                raise ConnectionAbortedError("the connection breaks off, as told")
            sent += len(block)
            yield block


def _batch_size(request: Request[Any, Any, Any]) -> int:
    options = request.headers.get("sforce-query-options", "")
    _, _, wanted = options.partition("batchSize=")
    return max(200, min(int(wanted), PAGE_ROWS)) if wanted.isdigit() else PAGE_ROWS


def _locator(start: int) -> str:
    return f"P{start:X}"


def _locator_start(locator: str | None) -> int:
    if locator is None or locator == "null":
        return 0
    try:
        return int(locator.removeprefix("P"), 16)
    except ValueError:
        raise ApiError("INVALID_QUERY_LOCATOR", "invalid query locator") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise ApiError("INVALID_REPLICATION_DATE", f"not a date and time: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rest(value: Any) -> Any:
    """A value as REST writes it in JSON."""
    if isinstance(value, datetime):
        utc = value.astimezone(UTC)
        return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}+0000"
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


def _error_body(code: str, message: str) -> bytes:
    return msgspec.json.encode([{"message": message, "errorCode": code}])


def _json_error(code: str, message: str, status: int) -> Response[bytes]:
    return Response(_error_body(code, message), status_code=status, media_type=MediaType.JSON)


def _api_error(_: Request[Any, Any, Any], error: ApiError) -> Response[bytes]:
    return _json_error(error.code, str(error), error.status)


def _soql_error(_: Request[Any, Any, Any], error: SoqlError) -> Response[bytes]:
    return _json_error(error.code, str(error), STATUS.get(error.code, 400))


def _http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(error.status_code, "BAD_REQUEST")
    message = {404: "The requested resource does not exist"}.get(error.status_code, error.detail)
    return _json_error(code, message, error.status_code)


def _unexpected(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    return _json_error("UNKNOWN_EXCEPTION", f"An unexpected error occurred: {error}", 500)
