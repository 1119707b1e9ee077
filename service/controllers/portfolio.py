"""The whole portfolio, the rules, what-if."""

from http import HTTPStatus

from litestar import Controller, MediaType, Response, get, post
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody

from service.controllers.common import (
    BY_BUILD,
    BY_DECISIONS,
    ETAG,
    PROBLEMS,
    WRITE_PROBLEMS,
    AppStateDependency,
    ContextDependency,
    Stage,
)
from service.queries import portfolio
from service.schemas.portfolio import Portfolio, Rules, Summary, WhatIf, WhatIfAnswer


class PortfolioController(Controller):
    """The customers that the caller may see, taken together."""

    path = "/api"
    tags = ("Portfolio",)
    response_headers = ETAG

    @get(
        "/dashboard/summary",
        operation_id="getDashboardSummary",
        summary="Executive summary",
        opt=BY_DECISIONS,
        responses=PROBLEMS,
    )
    async def get_dashboard_summary(
        self, app_state: AppStateDependency, context: ContextDependency
    ) -> Summary:
        """Key figures with the month end before, shares, trends, movement, concentration."""
        return await app_state.read(context, portfolio.summary)

    @get(
        "/portfolio",
        operation_id="getPortfolio",
        summary="All customers, by column",
        opt=BY_BUILD,
        responses=PROBLEMS
        | {200: ResponseSpec(Portfolio, description="Rows by column", generate_examples=False)},
    )
    async def get_portfolio(
        self, app_state: AppStateDependency, context: ContextDependency, stage: Stage = None
    ) -> Response[bytes]:
        """The rows behind a scatter and a table, for up to 100,000 customers.

        Without a stage they are those that are scored.
        """
        body = await app_state.read(
            context, lambda view: portfolio.portfolio(view, stage or "scored")
        )
        return Response(body, media_type=MediaType.JSON)

    @get(
        "/rules",
        operation_id="getRules",
        summary="Rules in force",
        opt=BY_BUILD,
        responses=PROBLEMS,
    )
    async def get_rules(self, app_state: AppStateDependency, context: ContextDependency) -> Rules:
        """Weights, curves, alert rules and recommendation rules of the published build."""
        return await app_state.read(context, portfolio.rules)


class WhatIfController(Controller):
    """Scores under other weights and curves."""

    path = "/api"
    tags = ("Portfolio",)

    @post(
        "/whatif",
        operation_id="runWhatif",
        summary="Try other weights and curves",
        status_code=HTTPStatus.OK,
        responses=WRITE_PROBLEMS,
    )
    async def run_whatif(
        self, app_state: AppStateDependency, context: ContextDependency, data: JSONBody[WhatIf]
    ) -> WhatIfAnswer:
        """The distribution and the customers that would move; nothing is changed."""
        return await app_state.read(context, lambda view: portfolio.what_if(view, data))
