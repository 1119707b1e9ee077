"""What every handler works on, and the errors and values of the REST API."""

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from litestar import MediaType, Request, Response

from extract.sandbox.bulk import BulkJobs
from extract.sandbox.org import Org
from extract.sandbox.sessions import Credentials
from extract.sandbox.soql import CompiledQuery, SoqlError

OPEN_CURSORS = 200
STATUS = {"NOT_FOUND": 404, "INVALID_SESSION_ID": 401, "REQUEST_LIMIT_EXCEEDED": 403}
AnyRequest = Request[Any, Any, Any]
Rows = list[tuple[Any, ...]]


class ApiError(Exception):
    """An error in the form the REST API gives: a status and a list of one."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Cursors:
    """Rows that wait for their next page, by locator; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, tuple[CompiledQuery, Rows]] = OrderedDict()
        self._next = 0

    def keep(self, compiled: CompiledQuery, rows: Rows) -> str:
        """Keep a result and return its locator."""
        self._next += 1
        locator = f"01g5g{self._next:010d}AAA"
        self._rows[locator] = (compiled, rows)
        while len(self._rows) > OPEN_CURSORS:
            self._rows.popitem(last=False)
        return locator

    def find(self, locator: str) -> tuple[CompiledQuery, Rows] | None:
        """The result kept under a locator, while it is kept."""
        return self._rows.get(locator)


@dataclass
class Served:
    """One org as it is being served, at `app.state.served`."""

    org: Org
    jobs: BulkJobs
    key_path: Path
    base_url: str
    credentials: Credentials = field(default_factory=Credentials)
    cursors: Cursors = field(default_factory=Cursors)

    def object_name(self, name: str) -> str:
        """The API name of an object in its own spelling. Raises ApiError NOT_FOUND."""
        sobject = self.org.schema.get(name.lower())
        if sobject is None:
            raise not_found()
        return sobject.name


def served(request: AnyRequest) -> Served:
    """The org that the request is about."""
    found: Served = request.app.state.served
    return found


def not_found() -> ApiError:
    """The error for whatever is not there."""
    return ApiError("NOT_FOUND", "The requested resource does not exist")


async def json_body(request: AnyRequest) -> dict[str, Any]:
    """The request's JSON object. Raises ApiError for anything else."""
    try:
        value = json.loads(await request.body() or b"{}")
    except ValueError:
        raise ApiError("JSON_PARSER_ERROR", "The request body is not JSON.") from None
    if not isinstance(value, dict):
        raise ApiError("JSON_PARSER_ERROR", "The request body is not a JSON object.")
    return value


def rest_value(value: object) -> object:
    """A value as REST writes it in JSON."""
    if isinstance(value, datetime):
        utc = value.astimezone(UTC)
        return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}+0000"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


def error_body(code: str, message: str) -> bytes:
    """The JSON of one error."""
    return msgspec.json.encode([{"message": message, "errorCode": code}])


def error_response(code: str, message: str, status: int | None = None) -> Response[bytes]:
    """The answer to a refused request."""
    return Response(
        error_body(code, message),
        status_code=status or STATUS.get(code, 400),
        media_type=MediaType.JSON,
    )


def refuse(_: AnyRequest, error: ApiError | SoqlError) -> Response[bytes]:
    """Answer an ApiError or a SoqlError."""
    return error_response(error.code, str(error))
