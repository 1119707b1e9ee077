"""Session, build, data status, exports."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any

from litestar import Controller, Request, Response, delete, get, post
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.response import Stream

from service.access import clear_cookies, session_cookies
from service.app_state import AppState, RequestContext
from service.controllers.common import (
    BY_BUILD,
    ETAG,
    PROBLEMS,
    WRITE_PROBLEMS,
    AppStateDependency,
    ContextDependency,
)
from service.problems import Problem
from service.queries import backtest, export, status
from service.queries.caller_view import CallerView
from service.schemas.operation import Backtest, Build, Session, SignIn, Status
from service.state.tokens import Caller, close_session, open_session


def _session(caller: Caller) -> Session:
    return Session(
        name=caller.name,
        role=caller.role,
        regions=caller.region_list,
        may_see_personal_data=caller.may_see_personal_data,
        expires_at=caller.expires_at,
    )


class SessionController(Controller):
    """Who the caller is."""

    path = "/api/session"
    tags = ("Session",)

    @get("", operation_id="getSession", summary="Who am I", responses=WRITE_PROBLEMS)
    async def get_session(self, context: ContextDependency) -> Session:
        """The caller, and what they may."""
        return _session(context.known_caller)

    @post(
        "",
        operation_id="createSession",
        summary="Sign in",
        status_code=HTTPStatus.CREATED,
        responses=WRITE_PROBLEMS,
    )
    async def create_session(
        self,
        request: Request[Any, Any, Any],
        app_state: AppStateDependency,
        context: ContextDependency,
        data: JSONBody[SignIn],
    ) -> Response[Session]:
        """Exchange an API token for a session cookie; needs no caller."""
        caller = await app_state.caller_of(data.token, None)
        if caller is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "This token is not valid: it may have been revoked, or not copied in full.",
            )
        secret, signed_in = await app_state.write(
            lambda: open_session(app_state.store, caller, context.request_id)
        )
        return Response(
            _session(signed_in),
            status_code=HTTPStatus.CREATED,
            cookies=session_cookies(request.scope, secret, signed_in),
        )

    @delete(
        "",
        operation_id="deleteSession",
        summary="Sign out",
        responses=WRITE_PROBLEMS,
        response_cookies=clear_cookies(),
    )
    async def delete_session(
        self, app_state: AppStateDependency, context: ContextDependency
    ) -> None:
        """End the session that this request came with."""
        secret = context.session_secret
        if secret:
            await app_state.write(lambda: close_session(app_state.store, secret))


class StatusController(Controller):
    """How the data is."""

    path = "/api"
    tags = ("Data",)
    response_headers = ETAG

    @get(
        "/build",
        operation_id="getBuild",
        summary="The published build",
        opt=BY_BUILD,
        responses=PROBLEMS,
    )
    async def get_build(self, context: ContextDependency) -> Build:
        """Small enough to ask for every minute."""
        build = context.build
        return Build(build_id=build.build_id, as_of=build.as_of, published_at=build.published_at)

    @get(
        "/status", operation_id="getStatus", summary="Data status", opt=BY_BUILD, responses=PROBLEMS
    )
    async def get_status(self, app_state: AppStateDependency, context: ContextDependency) -> Status:
        """Freshness by object, runs, tests, rejected values, table sizes."""
        return await app_state.read(context, status.status)

    @get(
        "/backtest",
        operation_id="getBacktest",
        summary="The churn score graded",
        opt=BY_BUILD,
        responses=PROBLEMS,
    )
    async def get_backtest(
        self, app_state: AppStateDependency, context: ContextDependency
    ) -> Backtest:
        """AUC, lift and calibration by horizon, with 95 % intervals."""
        return await app_state.read(context, backtest.backtest)

    @get(
        "/export/{table:str}",
        operation_id="exportTable",
        summary="A gold table as a file",
        media_type="text/csv",
        responses=PROBLEMS
        | {
            200: ResponseSpec(
                str, description="The file", media_type="text/csv", generate_examples=False
            )
        },
    )
    async def export_table(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        table: Annotated[
            str, PathParameter(description="Name of a gold table.", pattern=r"^[a-z0-9_]{1,64}$")
        ],
        export_format: Annotated[
            export.ExportFormat, QueryParameter(name="format", description="Kind of file.")
        ] = "csv",
    ) -> Stream:
        """The rows that the caller may see, streamed as CSV or Parquet."""
        text = await app_state.read(context, lambda view: export.statement(view, table))
        is_parquet = export_format == "parquet"
        return Stream(
            _pieces(app_state, context, table, text, export_format),
            media_type="application/vnd.apache.parquet" if is_parquet else "text/csv",
            headers={"Content-Disposition": f'attachment; filename="gold_{table}.{export_format}"'},
        )


async def _pieces(
    app_state: AppState,
    context: RequestContext,
    table: str,
    text: str,
    export_format: export.ExportFormat,
) -> AsyncIterator[bytes]:
    """The pieces of an export. It has a cursor of its own: others' queries run in between."""
    reader = context.build.own_reader()
    encoder = export.Encoder(export_format)
    try:
        decisions = app_state.decisions_of(context.build)
        view = CallerView(reader, decisions, context.known_caller)
        batches = export.batches(view, table, text)

        def piece() -> bytes | None:
            batch = next(batches, None)
            return None if batch is None else encoder.write(batch)

        while (data := await app_state.warehouse.in_thread(piece)) is not None:
            if data:
                yield data
        yield encoder.close()
    finally:
        reader.cursor.close()
