"""The dashboard's files, at every address that is not the API's.

Litestar's static files answer a page of the dashboard's own addresses with status 404.
"""

from http import HTTPStatus
from urllib.parse import unquote

from service import access
from service.dashboard import Dashboard
from service.layers.layer import Application, Layer, Receive, Scope, Send, is_page, send_body
from service.problems import Problem


class Pages(Layer):
    """Answers with files of the dashboard, to anybody: they hold no data."""

    def __init__(self, inside: Application, dashboard: Dashboard) -> None:
        super().__init__(inside)
        self.dashboard = dashboard

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file, or let the API answer.

        Raises:
            Problem: 404 for a missing file of the build, 405 for anything but reading.
        """
        if not is_page(scope["path"]):
            await self.inside(scope, receive, send)
            return
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
        await send_body(send, status, headers, b"" if scope["method"] == "HEAD" else body)
