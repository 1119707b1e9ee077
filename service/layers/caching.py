"""A request holds one build, and answers of routes that allow it are kept and told by ETag.

Litestar's cache knows neither callers nor encodings, and its `etag=` never answers 304.
"""

import asyncio
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from service import access
from service.app_state import AppState, context_of
from service.cache import Answer, Cache
from service.layers.layer import (
    Application,
    Layer,
    Message,
    Receive,
    Scope,
    Send,
    route_of,
    send_body,
)
from service.observability import Metrics
from service.state.tokens import Caller
from service.warehouse import Snapshot

LARGE_BODY = 200_000


class Caching(Layer):
    """Answers from the build that the request holds: kept answers first."""

    def __init__(self, inside: Application, app_state: AppState, metrics: Metrics) -> None:
        super().__init__(inside)
        self.app_state = app_state
        self.metrics = metrics
        self.cache = Cache()
        self.cached_build = ""

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the published build until the request is answered."""
        context = context_of(scope)
        async with self.app_state.warehouse.hold() as snapshot:
            context.snapshot = snapshot
            is_read = scope["method"] == "GET" and scope["path"].startswith("/api/")
            if is_read and snapshot and context.caller:
                await self._answer_read(scope, receive, send, context.caller, snapshot)
            else:
                await self.inside(scope, receive, send)

    async def _answer_read(
        self, scope: Scope, receive: Receive, send: Send, caller: Caller, snapshot: Snapshot
    ) -> None:
        """Answer from the cache, or from the routes and keep it where the route allows."""
        if self.cached_build != snapshot.build_id and snapshot is self.app_state.warehouse.current:
            self.cache.clear()
            self.cached_build = snapshot.build_id
        view = caller.view
        revision = self.app_state.decisions.revision
        key = (snapshot.build_id, view, scope["path"], scope["query_string"].decode("latin-1"))
        answer = self.cache.get(key, revision)
        if answer is not None:
            scope["customer360_route"] = answer.route
            await self._send_answer(scope, send, answer, "hit")
            return
        started: dict[str, Any] = {}
        pieces: list[bytes] = []

        async def capture(message: Message) -> None:
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

        await self.inside(scope, receive, capture)
        if not started:
            return
        by_decisions = started["kind"] == "decisions"
        answer = Answer(
            body=b"".join(pieces),
            media_type=dict(started["headers"]).get(b"content-type", b"application/json"),
            route=route_of(scope),
            etag=_etag(snapshot.build_id, view, revision if by_decisions else None),
            decisions_revision=revision if by_decisions else None,
        )
        if not by_decisions or revision == self.app_state.decisions.revision:
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
            await send_body(send, 304, headers, b"")
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
        await send_body(send, 200, headers, body)


def _etag(build_id: str, view: str, revision: int | None) -> bytes:
    seen_by = sha256(view.encode()).hexdigest()[:8]
    decisions = "" if revision is None else f".{revision}"
    return f'W/"{build_id}{decisions}.{seen_by}"'.encode()
