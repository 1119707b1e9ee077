"""What every request passes first: misbehaviour as told, the session, the count of requests."""

import asyncio
from typing import Any

from litestar.types import ASGIApp, Receive, Scope, Send

from extract.sandbox.org import Org
from extract.sandbox.served import error_body

LONGEST_URI = 16_384
JSON = "application/json"
HTML = "text/html"


class Refusal(Exception):  # noqa: N818 - an answer, not a fault of the server
    """An answer that is given instead of the handler's."""

    def __init__(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = {"content-type": kind, "content-length": str(len(body))} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }


class Gate:
    """ASGI middleware in front of all handlers."""

    def __init__(self, app: ASGIApp, org: Org) -> None:
        self._app = app
        self._org = org

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        path = str(scope.get("path", ""))
        if path.startswith("/sandbox/") and b"origin" not in dict(scope["headers"]):
            await self._app(scope, receive, send)
            return
        if seconds := self._org.misbehaviour.seconds("slow_seconds"):
            await asyncio.sleep(seconds)
        usage: str | None = None
        try:
            self._misbehave(scope, path)
            if path.startswith("/services/data/") and path.rstrip("/") != "/services/data":
                self._check_session(scope)
                usage = self._count_request()
        except Refusal as refusal:
            headers = [(name.encode(), value.encode()) for name, value in refusal.headers.items()]
            await send(
                {"type": "http.response.start", "status": refusal.status, "headers": headers}
            )
            await send({"type": "http.response.body", "body": refusal.body, "more_body": False})
            return

        async def send_with_usage(message: Any) -> None:
            if usage and message["type"] == "http.response.start":
                limit = (b"sforce-limit-info", usage.encode())
                message = {**message, "headers": [*message["headers"], limit]}
            await send(message)

        await self._app(scope, receive, send_with_usage)

    def _misbehave(self, scope: Scope, path: str) -> None:
        if path.startswith("/sandbox/"):
            # Only a web page sends its origin, and no page has any business here.
            raise Refusal(403, error_body("FORBIDDEN", "Not for web pages"), JSON)
        misbehaviour = self._org.misbehaviour
        length = len(scope.get("raw_path") or path.encode()) + len(scope["query_string"])
        if length > (misbehaviour.number("longest_uri") or LONGEST_URI):
            raise Refusal(414, b"<html><body>URI Too Long</body></html>", HTML)
        if not path.startswith("/services/data/"):
            return
        if misbehaviour.take("status_500"):
            raise Refusal(500, b"", "text/plain")
        if misbehaviour.take("status_503"):
            raise Refusal(503, b"<html>Service Unavailable</html>", HTML)
        if misbehaviour.take("status_429"):
            raise Refusal(429, b"", "text/plain", retry_after="1")

    def _check_session(self, scope: Scope) -> None:
        authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        scheme, _, token = authorization.partition(" ")
        if scheme not in {"Bearer", "OAuth"} or not token:
            raise Refusal(401, error_body("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"), JSON)
        if self._org.misbehaviour.take("expired_requests"):
            self._org.sessions.expire_all()
        if not self._org.sessions.accept(token):
            body = error_body("INVALID_SESSION_ID", "Session expired or invalid")
            raise Refusal(401, body, JSON)

    def _count_request(self) -> str:
        counted = self._org.count_request()
        if counted is None:
            body = error_body("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
            raise Refusal(403, body, JSON)
        used, limit = counted
        return f"api-usage={used}/{limit}"
