"""Headers that every answer carries, and pages of other origins where they are allowed.

Litestar's CORS covers its own routes alone; refusals of the layers around them need the headers
as well, or a page cannot read why it was refused.
"""

from service import access
from service.app_state import context_of
from service.layers.layer import (
    Application,
    Layer,
    Message,
    Receive,
    Scope,
    Send,
    is_page,
    send_body,
)
from service.settings import Settings

SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (
        b"content-security-policy",
        (
            b"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            b"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
    ),
]


class Headers(Layer):
    """Adds headers, and answers what a browser asks before it sends across origins."""

    def __init__(self, inside: Application, settings: Settings) -> None:
        super().__init__(inside)
        self.origins = settings.origins

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers of every answer."""
        added = [
            *SECURITY_HEADERS,
            (b"x-request-id", context_of(scope).request_id.encode()),
            *self._cross_origin(scope),
        ]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        if (
            scope["method"] == "OPTIONS"
            and not is_page(scope["path"])
            and access.header(scope, b"access-control-request-method")
        ):
            await self._send_preflight(scope, with_headers)
        else:
            await self.inside(scope, receive, with_headers)

    def _cross_origin(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        origin = access.header(scope, b"origin")
        if origin is None or origin not in self.origins:
            return []
        return [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"etag, x-request-id, retry-after"),
            (b"vary", b"Origin"),
        ]

    async def _send_preflight(self, scope: Scope, send: Send) -> None:
        scope["customer360_route"] = "preflight"
        allowed = (access.header(scope, b"origin") or "") in self.origins
        headers = [
            (b"access-control-allow-methods", b"GET, POST, DELETE"),
            (
                b"access-control-allow-headers",
                b"authorization, content-type, idempotency-key, if-none-match, x-csrftoken",
            ),
            (b"access-control-max-age", b"600"),
        ]
        await send_body(send, 204 if allowed else 403, headers if allowed else [], b"")
