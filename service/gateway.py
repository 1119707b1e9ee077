"""The outermost layer: credentials, limits, cache, headers, measurements, last resort for errors.

It lies around the routes, so that an answer from the cache costs no routing, and so that nothing
can be answered without a caller by forgetting something on a route.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import structlog

from service import access
from service.app_state import AppState, RequestContext
from service.cache import Answer, Cache
from service.dashboard import Dashboard
from service.observability import Metrics
from service.problems import MEDIA_TYPE, Problem
from service.warehouse import Snapshot

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
OPEN_TO_ALL = {("POST", "/api/session")}
OPERATIONAL = ("/health", "/ready", "/metrics")
LARGE_BODY = 200_000
MOST_REQUEST_BYTES = 1_000_000
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
log = structlog.get_logger()


class Gateway:
    """An ASGI application around the one that has the routes."""

    def __init__(
        self, routes: Application, app_state: AppState, metrics: Metrics, dashboard: Dashboard
    ) -> None:
        self.routes = routes
        self.app_state = app_state
        self.metrics = metrics
        self.dashboard = dashboard
        self.cache = Cache()
        self.limit = access.RateLimit(app_state.settings.requests_per_minute)
        self.failures = access.RateLimit(access.FAILURES_PER_MINUTE)
        self.cached_build = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; hand start and stop through."""
        if scope["type"] != "http":
            await self.routes(scope, receive, send)
            return
        started_at = time.perf_counter()
        given = access.header(scope, b"x-request-id") or ""
        request_id = given if REQUEST_ID.match(given) else secrets.token_hex(8)
        context = RequestContext(request_id=request_id)
        scope["customer360"] = context
        scope["customer360_route"] = None
        status = 0

        async def watched(message: dict[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    *SECURITY_HEADERS,
                    (b"x-request-id", request_id.encode()),
                    *self._cors(scope),
                ]
            await send(message)

        self.metrics.in_flight.inc()
        try:
            await self._guarded(scope, receive, watched, context)
        except Problem as problem:
            if status:
                raise
            await self._send_problem(watched, problem)
        except Exception:
            self.metrics.failures.inc()
            log.exception("unexpected failure", request_id=request_id, path=scope["path"])
            if status:
                raise
            await self._send_problem(watched, unexpected(request_id))
        finally:
            self.metrics.in_flight.dec()
            seconds = time.perf_counter() - started_at
            route = scope["customer360_route"] or self._route(scope)
            self.metrics.seconds.labels(scope["method"], route, str(status)).observe(seconds)
            # Answers from the cache are counted, not told one by one.
            if scope["customer360_route"] is None or status >= HTTPStatus.BAD_REQUEST:
                log.info(
                    "request",
                    request_id=request_id,
                    method=scope["method"],
                    route=route,
                    status=status,
                    milliseconds=round(seconds * 1000, 2),
                    caller=context.caller.name if context.caller else None,
                )

    @staticmethod
    def _route(scope: Scope) -> str:
        """The template of the route: bounded in number, unlike addresses."""
        template = scope.get("path_template")
        return str(template) if template else "unknown"

    def _cors(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        origin = access.header(scope, b"origin")
        if origin is None or origin not in self.app_state.settings.origins:
            return []
        return [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"etag, x-request-id, retry-after"),
            (b"vary", b"Origin"),
        ]

    async def _guarded(
        self, scope: Scope, receive: Receive, send: Send, context: RequestContext
    ) -> None:
        path, method = scope["path"], scope["method"]
        if not (path == "/api" or path.startswith("/api/") or path in OPERATIONAL):
            await self._send_dashboard(scope, send)
            return
        if method == "OPTIONS" and access.header(scope, b"access-control-request-method"):
            await self._send_preflight(scope, send)
            return
        is_loopback = (scope.get("client") or ("",))[0] in access.LOOPBACK and access.header(
            scope, b"x-forwarded-for"
        ) is None
        if path == "/metrics" and not is_loopback:
            await self._admit(scope, context)
        if path.startswith("/api"):
            if (method, path) in OPEN_TO_ALL:
                access.check_origin(scope, self.app_state.settings)
                if not (access.header(scope, b"content-type") or "").startswith("application/json"):
                    raise Problem(
                        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                        "Send JSON (Content-Type: application/json).",
                    )
                self.failures.take(_address(scope), cost=0)
            else:
                await self._admit(scope, context)
        async with self.app_state.warehouse.hold() as snapshot:
            context.snapshot = snapshot
            if method == "GET" and path.startswith("/api/") and snapshot and context.caller:
                await self._cached(scope, receive, send, context, snapshot)
            else:
                await self.routes(scope, _bounded(receive), self._watching(scope, send, context))

    async def _admit(self, scope: Scope, context: RequestContext) -> None:
        """Find the caller, and check limits and CSRF. Raises Problem (401, 403, 429)."""
        token, session = access.credentials(scope)
        caller = await self.app_state.caller_of(token, session)
        if caller is None:
            if token or session:
                self.failures.take(_address(scope))
                raise Problem(
                    HTTPStatus.UNAUTHORIZED,
                    "The token or session is not valid: it was revoked, has expired or was not "
                    "copied in full. Sign in again.",
                    headers={"WWW-Authenticate": "Bearer"},
                )
            _ = context.known_caller
            return
        context.caller, context.session_secret = caller, session
        self.limit.take(caller.token_id)
        if scope["method"] not in access.SAFE_METHODS:
            access.check_origin(scope, self.app_state.settings)
            if session:
                access.check_csrf(scope, caller)

    def _watching(self, scope: Scope, send: Send, context: RequestContext) -> Send:
        """Slow down guessing at the sign-in."""

        async def watch(message: dict[str, Any]) -> None:
            if (
                message["type"] == "http.response.start"
                and message["status"] == HTTPStatus.UNAUTHORIZED
                and context.caller is None
            ):
                self.failures.take(_address(scope))
            await send(message)

        return watch

    async def _cached(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        context: RequestContext,
        snapshot: Snapshot,
    ) -> None:
        """Answer from the cache, or from the routes and keep it where the route allows."""
        if self.cached_build != snapshot.build_id and snapshot is self.app_state.warehouse.current:
            self.cache.clear()
            self.cached_build = snapshot.build_id
        view = context.known_caller.view
        revision = self.app_state.decisions.revision
        key = (snapshot.build_id, view, scope["path"], scope["query_string"].decode("latin-1"))
        answer = self.cache.get(key, revision)
        if answer is not None:
            scope["customer360_route"] = answer.route
            await self._send_answer(scope, send, answer, "hit")
            return
        started: dict[str, Any] = {}
        pieces: list[bytes] = []

        async def capture(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                handler = scope.get("route_handler")
                kind = handler.opt.get("cached") if handler else None
                if kind and message["status"] == HTTPStatus.OK:
                    started.update(message, kind=kind)
                    return
            elif started:
                pieces.append(message.get("body", b""))
                return
            await send(message)

        await self.routes(scope, receive, capture)
        if not started:
            return
        by_work = started["kind"] == "work"
        answer = Answer(
            body=b"".join(pieces),
            media_type=dict(started["headers"]).get(b"content-type", b"application/json"),
            route=self._route(scope),
            etag=_etag(snapshot.build_id, view, revision if by_work else None),
            work_revision=revision if by_work else None,
        )
        if not by_work or revision == self.app_state.decisions.revision:
            self.cache.put(key, answer)
        await self._send_answer(scope, send, answer, "miss")

    async def _send_answer(self, scope: Scope, send: Send, answer: Answer, result: str) -> None:
        headers = [
            (b"etag", answer.etag),
            (b"cache-control", b"private, no-cache"),
            (b"vary", b"Accept-Encoding, Authorization, Cookie"),
        ]
        known = access.header(scope, b"if-none-match")
        if known and (known.strip() == "*" or answer.etag.decode() in known):
            self.metrics.cache.labels("not_modified").inc()
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        self.metrics.cache.labels(result).inc()
        accepts_gzip = "gzip" in (access.header(scope, b"accept-encoding") or "")
        if accepts_gzip and answer.compressed is None and len(answer.body) > LARGE_BODY:
            body, is_compressed = await asyncio.to_thread(answer.encoded, accepts_gzip=True)
        else:
            body, is_compressed = answer.encoded(accepts_gzip=accepts_gzip)
        headers += [
            (b"content-type", answer.media_type),
            (b"content-length", str(len(body)).encode()),
        ]
        if is_compressed:
            headers.append((b"content-encoding", b"gzip"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _send_dashboard(self, scope: Scope, send: Send) -> None:
        scope["customer360_route"] = "dashboard"
        if scope["method"] not in ("GET", "HEAD"):
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, "Pages can only be read.")
        status, file = self.dashboard.find(unquote(scope["path"]))
        if status == HTTPStatus.NOT_FOUND:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
        accepts_gzip = "gzip" in (access.header(scope, b"accept-encoding") or "")
        body, etag, is_compressed = file.encoded(accepts_gzip=accepts_gzip)
        headers = [
            (b"etag", etag.encode()),
            (b"cache-control", file.cache_control.encode()),
            (b"vary", b"Accept-Encoding"),
        ]
        if (access.header(scope, b"if-none-match") or "") == etag:
            status, body = 304, b""
        else:
            headers += [
                (b"content-type", file.media_type.encode()),
                (b"content-length", str(len(body)).encode()),
            ]
            if is_compressed:
                headers.append((b"content-encoding", b"gzip"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send(
            {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}
        )

    async def _send_preflight(self, scope: Scope, send: Send) -> None:
        scope["customer360_route"] = "preflight"
        allowed = (access.header(scope, b"origin") or "") in self.app_state.settings.origins
        headers = [
            (b"access-control-allow-methods", b"GET, POST, DELETE"),
            (
                b"access-control-allow-headers",
                b"authorization, content-type, idempotency-key, if-none-match, x-csrftoken",
            ),
            (b"access-control-max-age", b"600"),
        ]
        await send(
            {
                "type": "http.response.start",
                "status": 204 if allowed else 403,
                "headers": headers if allowed else [],
            }
        )
        await send({"type": "http.response.body", "body": b""})

    @staticmethod
    async def _send_problem(send: Send, problem: Problem) -> None:
        body = problem.encode()
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            *((key.lower().encode(), value.encode()) for key, value in problem.headers.items()),
        ]
        await send({"type": "http.response.start", "status": problem.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def unexpected(request_id: str) -> Problem:
    """What is told of a failure: nothing about the inside, and where to look."""
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"Something failed that should not. The log has it under {request_id}; "
        "tell whoever runs this server.",
        reference=request_id,
    )


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def _etag(build_id: str, view: str, revision: int | None) -> bytes:
    seen_by = sha256(view.encode()).hexdigest()[:8]
    decisions = "" if revision is None else f".{revision}"
    return f'W/"{build_id}{decisions}.{seen_by}"'.encode()


def _bounded(receive: Receive) -> Receive:
    """Refuse bodies that no route needs, while they arrive."""
    read = 0

    async def bounded() -> dict[str, Any]:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_REQUEST_BYTES:
            raise Problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"The body is larger than {MOST_REQUEST_BYTES:,} bytes.",
            )
        return message

    return bounded
