"""The last resort for errors: what no route and no layer answered becomes a problem document."""

from http import HTTPStatus

import structlog

from service.app_state import context_of
from service.layers.layer import (
    Application,
    Layer,
    Message,
    Receive,
    Scope,
    Send,
    send_body,
)
from service.observability import Metrics
from service.problems import MEDIA_TYPE, Problem

log = structlog.get_logger()


class Failures(Layer):
    """Answers problems, and whatever else went wrong, in the shape of RFC 9457."""

    def __init__(self, inside: Application, metrics: Metrics) -> None:
        super().__init__(inside)
        self.metrics = metrics

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a failure, unless an answer has begun already."""
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.inside(scope, receive, watched)
        except Problem as problem:
            if has_begun:
                raise
            await _send_problem(send, problem)
        except Exception:
            request_id = context_of(scope).request_id
            self.metrics.failures.inc()
            log.exception("unexpected failure", request_id=request_id, path=scope["path"])
            if has_begun:
                raise
            await _send_problem(send, unexpected(request_id))


async def _send_problem(send: Send, problem: Problem) -> None:
    body = problem.encode()
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *((key.lower().encode(), value.encode()) for key, value in problem.headers.items()),
    ]
    await send_body(send, problem.status, headers, body)


def unexpected(request_id: str) -> Problem:
    """What is told of a failure: nothing about the inside, and where to look."""
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"Something failed that should not. The log has it under {request_id}; "
        "tell whoever runs this server.",
        reference=request_id,
    )
