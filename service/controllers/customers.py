"""Customers."""

from datetime import date
from typing import Annotated, Literal

from litestar import Controller, get
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from service.controllers.common import (
    BY_BUILD,
    BY_DECISIONS,
    CUSTOMER_PROBLEMS,
    ETAG,
    PROBLEMS,
    AppStateDependency,
    ContextDependency,
    Cursor,
    CustomerId,
    Limit,
    Owner,
    Region,
    Stage,
)
from service.problems import bad_request
from service.queries import actions, customers, evidence
from service.schemas.actions import AlertPage, RecommendationPage
from service.schemas.base import ChurnRiskLevel, CustomerKind, HealthCategory
from service.schemas.customer import Customer, CustomerPage, Evidence, ScoreHistory, TimelinePage

Sort = Literal[
    "name",
    "mrr_usd",
    "-mrr_usd",
    "health_score",
    "-health_score",
    "churn_risk_score",
    "-churn_risk_score",
]
EventType = Literal[
    "RENEWAL", "SALES", "SUPPORT", "BILLING", "USAGE", "ENGAGEMENT", "ACTION", "SCORE"
]
OF_ONE_CUSTOMER = 200


class CustomerController(Controller):
    """Search, list and look at customers."""

    path = "/api"
    tags = ("Customers",)
    response_headers = ETAG

    @get(
        "/customers",
        operation_id="listCustomers",
        summary="Search and list",
        opt=BY_BUILD,
        responses=PROBLEMS,
    )
    async def list_customers(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        q: Annotated[
            str | None,
            QueryParameter(
                description="Words of a name, an id, a web domain or a contact's e-mail address; "
                "beginnings and typos are understood. Best match first unless sorted.",
                max_length=200,
                examples=[Example(value="karoo fr")],
            ),
        ] = None,
        region: Region = None,
        segment: Annotated[
            str | None, QueryParameter(description="Only this segment.", max_length=100)
        ] = None,
        owner: Owner = None,
        health: Annotated[
            HealthCategory | None, QueryParameter(description="Only this health category.")
        ] = None,
        churn: Annotated[
            ChurnRiskLevel | None, QueryParameter(description="Only this churn risk level.")
        ] = None,
        kind: Annotated[
            CustomerKind | None,
            QueryParameter(
                description="Only accounts or only masters; without it a search finds both and a "
                "list holds masters and the accounts that belong to none."
            ),
        ] = None,
        stage: Stage = None,
        min_mrr: Annotated[
            float | None,
            QueryParameter(description="At least this monthly revenue in USD.", ge=0, le=1e15),
        ] = None,
        sort: Annotated[
            Sort | None, QueryParameter(description="Order; `-` for the largest first.")
        ] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> CustomerPage:
        """Customers that match all filters, a page at a time.

        Without a stage a list holds customers that are scored, and a search finds every one.
        """
        filters = {
            "region": region,
            "segment": segment,
            "owner": owner,
            "health": health,
            "churn": churn,
            "kind": kind,
            "stage": stage or ("all" if q and q.strip() else "scored"),
            "min_mrr": min_mrr,
        }
        return await app_state.read(
            context,
            lambda view: customers.list_customers(
                view, q=q, sort=sort, filters=filters, cursor=cursor, limit=limit
            ),
        )

    @get(
        "/customer/{customer_id:str}",
        operation_id="getCustomer",
        summary="Everything about one customer",
        opt=BY_DECISIONS,
        responses=CUSTOMER_PROBLEMS,
    )
    async def get_customer(
        self, app_state: AppStateDependency, context: ContextDependency, customer_id: CustomerId
    ) -> Customer:
        """Profile, linked accounts, metrics, scores, alerts and recommendations."""
        return await app_state.read(context, lambda view: customers.customer(view, customer_id))

    @get(
        "/customer/{customer_id:str}/scores",
        operation_id="getCustomerScores",
        summary="Scores taken apart, and their history",
        opt=BY_BUILD,
        responses=CUSTOMER_PROBLEMS,
    )
    async def get_customer_scores(
        self, app_state: AppStateDependency, context: ContextDependency, customer_id: CustomerId
    ) -> ScoreHistory:
        """Contributions of each measure to both scores, what changed, and the month ends before."""
        return await app_state.read(context, lambda view: customers.scores(view, customer_id))

    @get(
        "/customer/{customer_id:str}/evidence",
        operation_id="getCustomerEvidence",
        summary="Source rows behind a measure",
        opt=BY_BUILD,
        responses=CUSTOMER_PROBLEMS,
    )
    async def get_customer_evidence(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        customer_id: CustomerId,
        measure: Annotated[
            str,
            QueryParameter(
                description="Name of a measure or metric.",
                max_length=100,
                examples=[Example(value="max_days_overdue")],
            ),
        ],
        as_of: Annotated[
            date | None,
            QueryParameter(
                description="A day with scores, as in the history; the day of the data without."
            ),
        ] = None,
    ) -> Evidence:
        """The invoices, cases, usage or other rows that a measure was computed from."""
        return await app_state.read(
            context, lambda view: evidence.evidence(view, customer_id, measure, as_of)
        )

    @get(
        "/customer/{customer_id:str}/alerts",
        operation_id="listCustomerAlerts",
        summary="Alerts of a customer",
        opt=BY_DECISIONS,
        responses=CUSTOMER_PROBLEMS,
    )
    async def list_customer_alerts(
        self, app_state: AppStateDependency, context: ContextDependency, customer_id: CustomerId
    ) -> AlertPage:
        """All alerts of a customer with their state."""
        return await app_state.read(
            context,
            lambda view: actions.list_alerts(
                view,
                state=None,
                cursor=None,
                limit=OF_ONE_CUSTOMER,
                customer_id=view.check_customer(customer_id),
            ),
        )

    @get(
        "/customer/{customer_id:str}/recommendations",
        operation_id="listCustomerRecommendations",
        summary="Recommendations for a customer",
        opt=BY_DECISIONS,
        responses=CUSTOMER_PROBLEMS,
    )
    async def list_customer_recommendations(
        self, app_state: AppStateDependency, context: ContextDependency, customer_id: CustomerId
    ) -> RecommendationPage:
        """All recommendations for a customer with their state, ranked."""
        return await app_state.read(
            context,
            lambda view: actions.list_recommendations(
                view,
                state=None,
                cursor=None,
                limit=OF_ONE_CUSTOMER,
                customer_id=view.check_customer(customer_id),
            ),
        )

    @get(
        "/customer/{customer_id:str}/timeline",
        operation_id="getCustomerTimeline",
        summary="What happened with a customer",
        opt=BY_DECISIONS,
        responses=CUSTOMER_PROBLEMS,
    )
    async def get_customer_timeline(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        customer_id: CustomerId,
        event_type: Annotated[
            EventType | None, QueryParameter(name="type", description="Only events of this type.")
        ] = None,
        from_day: Annotated[
            date | None, QueryParameter(name="from", description="First day (UTC).")
        ] = None,
        to_day: Annotated[
            date | None, QueryParameter(name="to", description="Last day (UTC).")
        ] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> TimelinePage:
        """Events newest first, executed actions at once."""
        if from_day and to_day and from_day > to_day:
            raise bad_request("`from` lies after `to`.", "from")
        return await app_state.read(
            context,
            lambda view: customers.timeline(
                view,
                customer_id,
                event_type=event_type,
                from_day=from_day,
                to_day=to_day,
                cursor=cursor,
                limit=limit,
            ),
        )
