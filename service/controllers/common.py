"""What the controllers share: parameters, guards, documented errors, injected objects."""

from http import HTTPStatus
from typing import Annotated, Any

from litestar.connection import ASGIConnection, Request
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import PathParameter, QueryParameter

from service.app_state import AppState, RequestContext, context_of
from service.problems import MEDIA_TYPE, Problem
from service.queries.caller_view import ID_PATTERN, KEY_PATTERN
from service.schemas.base import Problem as ProblemDocument
from service.schemas.base import StageFilter

# Answers that hang on the build alone, and answers that also hang on what people decided.
BY_BUILD = {"cached": "build"}
BY_DECISIONS = {"cached": "decisions"}

CustomerId = Annotated[
    str,
    PathParameter(
        description="Account id (15 or 18 characters), or `M-` and the id of a master account.",
        pattern=ID_PATTERN,
        examples=[Example(value="001000000000001AAA")],
    ),
]
AlertId = Annotated[str, PathParameter(description="Id of an alert.", pattern=KEY_PATTERN)]
RecommendationId = Annotated[
    str, PathParameter(description="Id of a recommendation.", pattern=KEY_PATTERN)
]
Cursor = Annotated[
    str | None,
    QueryParameter(description="`next` of the page before.", max_length=500),
]
Limit = Annotated[int, QueryParameter(description="Most rows of a page.", ge=1, le=200)]
Region = Annotated[str | None, QueryParameter(description="Only this region.", max_length=100)]
Owner = Annotated[
    str | None, QueryParameter(description="Only customers of this owner.", max_length=200)
]

Stage = Annotated[
    StageFilter | None,
    QueryParameter(
        description="Only customers at this lifecycle stage; `scored` for those that are leaving, "
        "onboarding or active, `all` for every one."
    ),
]

AppStateDependency = NamedDependency[AppState]
ContextDependency = NamedDependency[RequestContext]


def provide_app_state(request: Request[Any, Any, Any]) -> AppState:
    """What all requests share."""
    app_state: AppState = request.app.state.app_state
    return app_state


def provide_context(request: Request[Any, Any, Any]) -> RequestContext:
    """This request's caller and build."""
    return context_of(request.scope)


def _problem(description: str) -> ResponseSpec:
    return ResponseSpec(
        data_container=ProblemDocument,
        description=description,
        media_type=MEDIA_TYPE,
        generate_examples=False,
    )


PROBLEMS = {
    400: _problem("A parameter cannot be used; `field` names it."),
    401: _problem("No token and no session, or one that is not valid."),
    403: _problem("The caller may not do this."),
    404: _problem("There is no such thing, or none that the caller may see."),
    429: _problem("Too many requests; Retry-After says when to come back."),
    500: _problem("An unexpected failure; `reference` is in the log."),
    503: _problem("No warehouse is published, or the answer took too long."),
}
CUSTOMER_PROBLEMS = PROBLEMS | {
    308: _problem("The customer was merged into another; Location leads to that one."),
}
WRITE_PROBLEMS = PROBLEMS | {
    409: _problem("What was done before does not allow it."),
    413: _problem("The body is too large."),
    415: _problem("The body is not JSON."),
}
ETAG = [
    ResponseHeader(
        name="ETag",
        description="Build, decisions and view that this answers from.",
        documentation_only=True,
        required=False,
    )
]


def may_act(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Agents and admins act; viewers read. Raises Problem (403)."""
    if context_of(connection.scope).known_caller.role not in ("agent", "admin"):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "Your token may read but not act. Ask for one with the role agent.",
        )
