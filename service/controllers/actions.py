"""Alerts, recommendations, actions and Today."""

from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, JSONBody, QueryParameter

from service.controllers.common import (
    BY_DECISIONS,
    ETAG,
    PROBLEMS,
    WRITE_PROBLEMS,
    AlertId,
    AppStateDependency,
    ContextDependency,
    Cursor,
    Limit,
    Owner,
    RecommendationId,
    Region,
    may_act,
)
from service.problems import Problem, bad_request
from service.queries import actions
from service.schemas.actions import (
    Acknowledge,
    Action,
    ActionPage,
    Alert,
    AlertPage,
    Dismiss,
    Execute,
    Recommendation,
    RecommendationPage,
    Snooze,
    Today,
)
from service.schemas.base import AlertState, RecommendationState, Severity
from service.state import actions as state


class TodayController(Controller):
    """What there is to do."""

    path = "/api"
    tags = ("Work",)
    response_headers = ETAG

    @get(
        "/today",
        operation_id="getToday",
        summary="Who needs someone today",
        opt=BY_DECISIONS,
        responses=PROBLEMS,
    )
    async def get_today(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        owner: Owner = None,
        *,
        small: Annotated[
            bool, QueryParameter(description="List those with little at stake instead.")
        ] = False,
    ) -> Today:
        """Customers with a HIGH alert that nobody has taken on, and what changed."""
        return await app_state.read(context, lambda view: actions.today(view, owner, small=small))

    @get(
        "/alerts",
        operation_id="listAlerts",
        summary="Alerts of all customers",
        opt=BY_DECISIONS,
        responses=PROBLEMS,
    )
    async def list_alerts(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        severity: Annotated[Severity | None, QueryParameter(description="Only these.")] = None,
        code: Annotated[
            str | None, QueryParameter(description="Only of this rule.", max_length=40)
        ] = None,
        alert_state: Annotated[
            AlertState | None, QueryParameter(name="state", description="Only in this state.")
        ] = None,
        region: Region = None,
        owner: Owner = None,
        small: Annotated[
            bool | None,
            QueryParameter(description="Only of customers with little at stake, or of all others."),
        ] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> AlertPage:
        """Alerts of masters and of accounts that belong to none, by what is at stake."""
        return await app_state.read(
            context,
            lambda view: actions.list_alerts(
                view,
                state=alert_state,
                cursor=cursor,
                limit=limit,
                severity=severity,
                code=code,
                region=region,
                owner=owner,
                small=small,
            ),
        )

    @get(
        "/recommendations",
        operation_id="listRecommendations",
        summary="Recommendations for all customers",
        opt=BY_DECISIONS,
        responses=PROBLEMS,
    )
    async def list_recommendations(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        priority: Annotated[Severity | None, QueryParameter(description="Only these.")] = None,
        rule: Annotated[
            str | None, QueryParameter(description="Only of this rule.", max_length=40)
        ] = None,
        recommendation_state: Annotated[
            RecommendationState | None,
            QueryParameter(name="state", description="Only in this state."),
        ] = None,
        region: Region = None,
        owner: Owner = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> RecommendationPage:
        """Recommendations by priority, then by estimated impact."""
        return await app_state.read(
            context,
            lambda view: actions.list_recommendations(
                view,
                state=recommendation_state,
                cursor=cursor,
                limit=limit,
                priority=priority,
                rule=rule,
                region=region,
                owner=owner,
            ),
        )

    @get(
        "/actions",
        operation_id="listActions",
        summary="What was executed",
        opt=BY_DECISIONS,
        responses=PROBLEMS,
    )
    async def list_actions(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> ActionPage:
        """Actions newest first with their delivery, and how many recommendations are taken up."""
        return await app_state.read(
            context, lambda view: actions.list_actions(view, cursor=cursor, limit=limit)
        )


class ActingController(Controller):
    """What people decide."""

    path = "/api"
    tags = ("Work",)
    guards = (may_act,)

    @post(
        "/actions/{recommendation_id:str}/execute",
        operation_id="executeAction",
        summary="Execute a recommendation",
        status_code=HTTPStatus.CREATED,
        responses=WRITE_PROBLEMS
        | {
            200: ResponseSpec(
                Action, description="The action that was recorded before", generate_examples=False
            )
        },
    )
    async def execute_action(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        recommendation_id: RecommendationId,
        data: JSONBody[Execute],
        idempotency_key: Annotated[
            str | None,
            HeaderParameter(
                name="Idempotency-Key",
                description="A second request with this key returns the first action.",
                min_length=1,
                max_length=200,
            ),
        ] = None,
    ) -> Response[Action]:
        """Record the action durably and hand it to Salesforce; a second one returns the first.

        201 for a new action, 200 for one that was recorded before. One that Salesforce refused
        (`delivery_state` failed, `delivery_detail` says why) is handed over again.
        """
        caller = context.known_caller
        _, recommended = await app_state.read(
            context, lambda view: actions.one_recommendation(view, recommendation_id)
        )
        action_id, is_new = await app_state.write(
            lambda: state.execute(
                app_state.store,
                recommended,
                data,
                caller,
                idempotency_key=idempotency_key,
                request_id=context.request_id,
            )
        )
        app_state.wake_outbox()
        action = await app_state.read(context, lambda view: actions.one_action(view, action_id))
        return Response(action, status_code=HTTPStatus.CREATED if is_new else HTTPStatus.OK)

    @post(
        "/actions/{recommendation_id:str}/dismiss",
        operation_id="dismissAction",
        summary="Dismiss a recommendation",
        status_code=HTTPStatus.OK,
        responses=WRITE_PROBLEMS,
    )
    async def dismiss_action(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        recommendation_id: RecommendationId,
        data: JSONBody[Dismiss],
    ) -> Recommendation:
        """Set a recommendation aside for its cooldown, with a reason."""
        recommendation, _ = await app_state.read(
            context, lambda view: actions.one_recommendation(view, recommendation_id)
        )
        if recommendation.state == "executed":
            raise Problem(
                HTTPStatus.CONFLICT,
                f"This recommendation was executed by {recommendation.state_by}; "
                "it cannot be dismissed.",
            )
        await app_state.write(
            lambda: state.dismiss(
                app_state.store,
                recommendation_id,
                recommendation.customer_id,
                data.reason,
                context.known_caller,
                context.request_id,
            )
        )
        recommendation, _ = await app_state.read(
            context, lambda view: actions.one_recommendation(view, recommendation_id)
        )
        return recommendation

    @post(
        "/alerts/{alert_id:str}/acknowledge",
        operation_id="acknowledgeAlert",
        summary="Take an alert on",
        status_code=HTTPStatus.OK,
        responses=WRITE_PROBLEMS,
    )
    async def acknowledge_alert(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        alert_id: AlertId,
        data: JSONBody[Acknowledge],
    ) -> Alert:
        """Say that someone looks after it; it opens again when it recurs."""
        alert = await app_state.read(context, lambda view: actions.one_alert(view, alert_id))
        await app_state.write(
            lambda: state.set_alert_state(
                app_state.store,
                alert_id,
                alert.customer_id,
                "acknowledged",
                context.known_caller,
                context.request_id,
                note=data.note,
            )
        )
        return await app_state.read(context, lambda view: actions.one_alert(view, alert_id))

    @post(
        "/alerts/{alert_id:str}/snooze",
        operation_id="snoozeAlert",
        summary="Keep an alert quiet for a time",
        status_code=HTTPStatus.OK,
        responses=WRITE_PROBLEMS,
    )
    async def snooze_alert(
        self,
        app_state: AppStateDependency,
        context: ContextDependency,
        alert_id: AlertId,
        data: JSONBody[Snooze],
    ) -> Alert:
        """Quiet up to and including a day after the data's day, with a reason."""
        if data.until < context.build.as_of:
            raise bad_request(
                f"`until` must not lie before the day of the data, {context.build.as_of}.",
                "until",
            )
        alert = await app_state.read(context, lambda view: actions.one_alert(view, alert_id))
        await app_state.write(
            lambda: state.set_alert_state(
                app_state.store,
                alert_id,
                alert.customer_id,
                "snoozed",
                context.known_caller,
                context.request_id,
                note=data.reason,
                snoozed_until=data.until,
            )
        )
        return await app_state.read(context, lambda view: actions.one_alert(view, alert_id))
