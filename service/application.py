"""The ASGI application: routes, their schema, errors in one shape, start and stop."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import structlog
from litestar import Litestar, MediaType, Request, Response, get
from litestar.config.app import AppConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException, ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag
from litestar.params import QueryParameter

from service.app_state import AppState, context_of
from service.controllers.actions import ActingController, TodayController
from service.controllers.common import (
    AppStateDependency,
    provide_app_state,
    provide_context,
)
from service.controllers.customers import CustomerController
from service.controllers.operation import SessionController, StatusController
from service.controllers.portfolio import PortfolioController, WhatIfController
from service.dashboard import Dashboard
from service.layers.admission import Admission
from service.layers.caching import Caching
from service.layers.failures import Failures, unexpected
from service.layers.headers import Headers
from service.layers.layer import Application
from service.layers.observation import Observation
from service.layers.pages import Pages
from service.links import add_links
from service.observability import Metrics
from service.outbox import Outbox
from service.problems import MEDIA_TYPE, CustomerMoved, Problem, bad_request
from service.settings import Settings

VERSION = "1.0.0"
# No route needs a larger body.
MOST_REQUEST_BYTES = 1_000_000
DESCRIPTION = """Every answer from the warehouse belongs to one published build: `as_of` is its day,
the ETag names it, and If-None-Match is answered with 304 while nothing has changed.
Send an API token as `Authorization: Bearer ...`; the dashboard signs in for a session cookie and
sends the cookie `csrftoken` back in the header `X-CSRFToken` on writes. Errors are problem details
(RFC 9457). Money is in US dollars, fractions are fractions (0.25), timestamps are UTC."""
TAGS = {
    "Customers": "Find customers and see everything about one.",
    "Work": "Alerts, recommendations, actions.",
    "Portfolio": "All customers together, rules, what-if.",
    "Data": "The published build, its freshness and tests, exports.",
    "Session": "Who the caller is.",
    "Operation": "For monitoring.",
}
# What a person is told instead of a regular expression.
FORMATS = {
    "customer_id": "a Salesforce id has 15 or 18 letters and digits, a master's starts with M-",
    "alert_id": "an alert's id has 32 characters, 0-9 and a-f; /api/alerts lists them",
    "recommendation_id": "a recommendation's id has 32 characters, 0-9 and a-f; "
    "/api/recommendations lists them",
    "table": "a table's name has small letters, digits and underscores",
}
MISSING_PARAMETER = re.compile(r"Missing required \w+ parameter '([^']+)'")
log = structlog.get_logger()


class Health(msgspec.Struct):
    """Whether the process lives, or can answer; `problems` says what keeps it from it."""

    status: str
    build_id: str | None
    problems: list[str]


@get("/health", operation_id="getHealth", summary="Does the process live", tags=["Operation"])
async def health() -> Health:
    """Answers as long as the process can."""
    return Health(status="ok", build_id=None, problems=[])


@get("/ready", operation_id="getReady", summary="Can it answer", tags=["Operation"])
async def ready(app_state: AppStateDependency) -> Response[Health]:
    """200 when a build is served and the state store answers, else 503 with the reasons."""
    snapshot = app_state.warehouse.current
    problems = [text for text in (app_state.warehouse.problem, app_state.state_problem) if text]
    if snapshot is None and not problems:
        problems.append("No warehouse is published.")
    is_ready = snapshot is not None and app_state.state_problem is None
    return Response(
        Health(
            status="ready" if is_ready else "not ready",
            build_id=snapshot.build_id if snapshot else None,
            problems=problems,
        ),
        status_code=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )


@get(
    "/metrics",
    operation_id="getMetrics",
    summary="Prometheus metrics",
    tags=["Operation"],
    media_type=MediaType.TEXT,
)
async def metrics(
    request: Request[Any, Any, Any], app_state: AppStateDependency
) -> Response[bytes]:
    """Open to this machine; others send a token."""
    text = await request.app.state.metrics.render(app_state)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


class SchemaPage(OpenAPIRenderPlugin):
    """The OpenAPI document to read in a browser, without scripts from elsewhere."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page."""
        del request
        title = html.escape(openapi_schema["info"]["title"])
        lines = [
            f"<p>{html.escape(openapi_schema['info']['description'])}</p>",
            "<p><a href='/api/schema/openapi.json'>openapi.json</a></p>",
        ]
        for path, item in openapi_schema["paths"].items():
            for method, operation in item.items():
                lines.append(f"<h2 id='{operation['operationId']}'>{method.upper()} {path}</h2>")
                lines.append(f"<p>{html.escape(operation.get('description', ''))}</p><ul>")
                for parameter in operation.get("parameters", ()):
                    name = html.escape(f"{parameter['name']} ({parameter['in']})")
                    told = html.escape(parameter.get("description", ""))
                    lines.append(f"<li><code>{name}</code> {told}</li>")
                lines.append("</ul>")
        style = "body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto}h2{font-size:1rem}"
        return (
            f"<!doctype html><html lang='en'><title>{title}</title><style>{style}</style>"
            f"<h1>{title}</h1>{''.join(lines)}</html>"
        ).encode()


def _problem_response(problem: Problem) -> Response[Any]:
    return Response(
        problem.document(),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **problem.headers},
    )


def _from_problem(request: Request[Any, Any, Any], problem: Problem) -> Response[Any]:
    if isinstance(problem, CustomerMoved):
        path = request.url.path.replace(problem.asked_for, problem.customer_id, 1)
        query = f"?{request.url.query}" if request.url.query else ""
        problem.headers["Location"] = path + query
    return _problem_response(problem)


def _from_validation(_: Request[Any, Any, Any], exception: ValidationException) -> Response[Any]:
    """Name the first parameter at fault."""
    extra = exception.extra if isinstance(exception.extra, list) else []
    first = extra[0] if extra and isinstance(extra[0], dict) else {}
    missing = MISSING_PARAMETER.search(str(exception.detail))
    if missing:
        return _problem_response(bad_request(f"{missing[1]}: it is required.", missing[1]))
    field = str(first.get("key") or "") or "body"
    message = FORMATS.get(field) or str(first.get("message") or exception.detail)
    return _problem_response(bad_request(f"{field}: {message}.", field))


def _from_http(request: Request[Any, Any, Any], exception: HTTPException) -> Response[Any]:
    status = exception.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _from_unexpected(request, exception)
    detail = {
        HTTPStatus.NOT_FOUND: f"There is nothing at {request.url.path}. "
        "/api/schema lists what there is.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not possible at {request.url.path}.",
    }.get(HTTPStatus(status), exception.detail)
    return _problem_response(Problem(status, detail, headers=dict(exception.headers or {})))


def _from_unexpected(request: Request[Any, Any, Any], exception: Exception) -> Response[Any]:
    context = context_of(request.scope)
    request.app.state.metrics.failures.inc()
    log.error(
        "unexpected failure",
        request_id=context.request_id,
        path=request.scope["path"],
        exc_info=exception,
    )
    return _problem_response(unexpected(context.request_id))


@cache
def query_names(handler: HTTPRouteHandler) -> frozenset[str]:
    """The query parameters that a route knows."""
    return frozenset(
        parameter.kwarg_definition.query or parameter.kwarg_definition.name or name
        for name, parameter in handler.parsed_fn_signature.parameters.items()
        if isinstance(parameter.kwarg_definition, QueryParameter)
    )


async def _refuse_unknown_filters(request: Request[Any, Any, Any]) -> None:
    """A misspelt filter that is quietly ignored would answer another question."""
    handler = request.route_handler
    if not request.scope["query_string"] or not isinstance(handler, HTTPRouteHandler):
        return
    known = query_names(handler)
    seen = set()
    for name, _ in request.query_params.multi_items():
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise bad_request(f"There is no parameter `{name}` here. Known are: {listed}.", name)
        if name in seen:
            raise bad_request(f"`{name}` is given twice.", name)
        seen.add(name)


def create_routes(
    app_state: AppState, measurements: Metrics, outbox: Outbox | None = None
) -> Litestar:
    """The Litestar application with all routes."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await app_state.start()
        if outbox:
            outbox.start()
        try:
            yield
        finally:
            if outbox:
                await outbox.stop()
            await app_state.stop()

    application = Litestar(
        route_handlers=[
            CustomerController,
            TodayController,
            ActingController,
            PortfolioController,
            WhatIfController,
            SessionController,
            StatusController,
            health,
            ready,
            metrics,
        ],
        dependencies={
            "app_state": Provide(provide_app_state, sync_to_thread=False),
            "context": Provide(provide_context, sync_to_thread=False),
        },
        before_request=_refuse_unknown_filters,
        exception_handlers={
            Problem: _from_problem,
            ValidationException: _from_validation,
            HTTPException: _from_http,
            Exception: _from_unexpected,
        },
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(
            title="customer360",
            version=VERSION,
            description=DESCRIPTION,
            use_handler_docstrings=True,
            tags=[Tag(name=name, description=text) for name, text in TAGS.items()],
            components=Components(
                security_schemes={
                    "token": SecurityScheme(type="http", scheme="bearer"),
                    "session": SecurityScheme(
                        type="apiKey", security_scheme_in="cookie", name="customer360_session"
                    ),
                }
            ),
            security=[{"token": []}, {"session": []}],
            path="/api/schema",
            render_plugins=[SchemaPage(path="/page"), JsonRenderPlugin(path="/openapi.json")],
        ),
        debug=False,
        request_max_body_size=MOST_REQUEST_BYTES,
        on_app_init=[_keep_quiet],
    )
    add_links(application.openapi_schema)
    application.state.app_state = app_state
    application.state.metrics = measurements
    return application


def _keep_quiet(config: AppConfig) -> AppConfig:
    """Logging is structlog's, configured by the command."""
    config.logging_config = None
    return config


def create_application(settings: Settings) -> Application:
    """The whole service as an ASGI application: the routes, and around them layer by layer."""
    app_state = AppState(settings)
    measurements = Metrics()
    outbox = Outbox(app_state) if settings.deliver else None
    application: Application = create_routes(app_state, measurements, outbox)
    application = Caching(application, app_state, measurements)
    application = Admission(application, app_state)
    application = Pages(application, Dashboard(settings.web_directory))
    application = Failures(application, measurements)
    application = Headers(application, settings)
    return Observation(application, measurements)


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document, without opening anything."""
    app_state = AppState(Settings(data=Path(), state_url="sqlite://", deliver=False))
    return create_routes(app_state, Metrics()).openapi_schema.to_schema()
