"""What every layer is: an ASGI application around another one."""

from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
# Litestar has types of its own for the three.
Application = Callable[[Any, Any, Any], Awaitable[None]]

OPERATIONAL = ("/health", "/ready", "/metrics")


class Layer:
    """Answers requests, or lets the application inside answer; start and stop pass through."""

    def __init__(self, inside: Application) -> None:
        self.inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request, or the start and stop of the server."""
        if scope["type"] == "http":
            await self.answer(scope, receive, send)
        else:
            await self.inside(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        raise NotImplementedError


def is_page(path: str) -> bool:
    """Whether an address is the dashboard's, not the API's."""
    return not (path == "/api" or path.startswith("/api/") or path in OPERATIONAL)


def route_of(scope: Scope) -> str:
    """The template of the route that answered: bounded in number, unlike addresses."""
    template = scope.get("path_template")
    return str(template) if template else "unknown"


async def send_body(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """Send an answer of one piece."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
