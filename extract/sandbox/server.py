"""The HTTP face of the sandbox org: sign-in, REST, Bulk 2.0 and the control endpoints."""

from pathlib import Path
from typing import TYPE_CHECKING

from litestar import Litestar, Response, Router
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware

from extract.sandbox import bulk_api, control, rest, sign_in
from extract.sandbox.bulk import BulkJobs
from extract.sandbox.gate import Gate
from extract.sandbox.org import Org
from extract.sandbox.served import AnyRequest, ApiError, Served, error_response, refuse
from extract.sandbox.soql import SoqlError

if TYPE_CHECKING:
    from litestar.types import ExceptionHandlersMap


def create_application(org: Org, spool: Path, key_path: Path, base_url: str) -> Litestar:
    """Assemble the application for one org.

    `spool` takes the results of bulk jobs, `key_path` is the key whose JWT assertions the org
    trusts, `base_url` is the address at which the application is served.
    """
    api = Router(
        "/services/data/{version:str}", route_handlers=[*rest.HANDLERS, *bulk_api.HANDLERS]
    )
    refusals: ExceptionHandlersMap = {
        ApiError: refuse,
        SoqlError: refuse,
        HTTPException: _http_error,
        Exception: _unexpected,
    }
    return Litestar(
        route_handlers=[*sign_in.HANDLERS, api, *control.HANDLERS],
        middleware=[DefineMiddleware(Gate, org=org)],
        exception_handlers=refusals,
        state=State({"served": Served(org, BulkJobs(org, spool), key_path, base_url)}),
        openapi_config=None,
    )


def _http_error(_: AnyRequest, error: HTTPException) -> Response[bytes]:
    if error.status_code == 404:
        return error_response("NOT_FOUND", "The requested resource does not exist", 404)
    code = "METHOD_NOT_ALLOWED" if error.status_code == 405 else "BAD_REQUEST"
    return error_response(code, error.detail, error.status_code)


def _unexpected(_: AnyRequest, error: Exception) -> Response[bytes]:
    return error_response("UNKNOWN_EXCEPTION", f"An unexpected error occurred: {error}", 500)
