"""Every request has an id, is counted, timed and told in the log."""

import re
import secrets
import time
from http import HTTPStatus

import structlog

from service import access
from service.app_state import RequestContext
from service.layers.layer import Application, Layer, Message, Receive, Scope, Send, route_of
from service.observability import Metrics

REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
log = structlog.get_logger()


class Observation(Layer):
    """Opens the request's context, which all layers inside share, and watches how it ends."""

    def __init__(self, inside: Application, metrics: Metrics) -> None:
        super().__init__(inside)
        self.metrics = metrics

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, time and log a request."""
        started_at = time.perf_counter()
        given = access.header(scope, b"x-request-id") or ""
        context = RequestContext(
            request_id=given if REQUEST_ID.match(given) else secrets.token_hex(8)
        )
        scope["customer360"] = context
        # Set by the layer that answers in place of a route.
        scope["customer360_route"] = None
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self.metrics.in_flight.inc()
        try:
            await self.inside(scope, receive, watched)
        finally:
            self.metrics.in_flight.dec()
            seconds = time.perf_counter() - started_at
            route = scope["customer360_route"] or route_of(scope)
            self.metrics.seconds.labels(scope["method"], route, str(status)).observe(seconds)
            # Answers from the cache are counted, not told one by one.
            if scope["customer360_route"] is None or status >= HTTPStatus.BAD_REQUEST:
                log.info(
                    "request",
                    request_id=context.request_id,
                    method=scope["method"],
                    route=route,
                    status=status,
                    milliseconds=round(seconds * 1000, 2),
                    caller=context.caller.name if context.caller else None,
                )
