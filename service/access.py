"""Who may come in: credentials of a request, cookies, rate limits."""

import hmac
import time
from collections import OrderedDict
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from litestar.datastructures import Cookie

from service.problems import Problem
from service.settings import Settings
from service.state.tokens import SESSION_LIFETIME, Caller

SESSION_COOKIE = "customer360_session"
CSRF_COOKIE = "csrftoken"
CSRF_HEADER = b"x-csrftoken"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
FAILURES_PER_MINUTE = 20
MOST_BUCKETS = 10_000


def header(scope: Any, name: bytes) -> str | None:
    """A request header, None without."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def credentials(scope: Any) -> tuple[str | None, str | None]:
    """The API token and the session secret that a request carries."""
    authorization = header(scope, b"authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        return (token.strip() if scheme.lower() == "bearer" else ""), None
    cookies = header(scope, b"cookie")
    if cookies and SESSION_COOKIE in cookies:
        try:
            morsel = SimpleCookie(cookies).get(SESSION_COOKIE)
        except CookieError:
            return None, None
        return None, morsel.value if morsel else None
    return None, None


def check_origin(scope: Any, settings: Settings) -> None:
    """Refuse a write that another site's page sent.

    Raises Problem (403).
    """
    origin = header(scope, b"origin")
    if origin is None or origin in settings.origins:
        return
    if urlsplit(origin).netloc != header(scope, b"host"):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            f"Writes from pages of {origin} are not allowed. List the origin in "
            "CUSTOMER360_ORIGINS if it is yours.",
        )


def check_csrf(scope: Any, caller: Caller) -> None:
    """Refuse a write in a session that lacks the session's CSRF token.

    Raises Problem (403).
    """
    sent = header(scope, CSRF_HEADER) or ""
    if not caller.csrf_token or not hmac.compare_digest(sent.encode(), caller.csrf_token.encode()):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            f"The header X-CSRFToken must carry the value of the cookie {CSRF_COOKIE}. "
            "Reload the page and try again.",
        )


def session_cookies(scope: Any, secret: str, caller: Caller) -> list[Cookie]:
    """The cookies of a new session: one that scripts cannot read, one that ours must read.

    They travel over TLS only, but for a server on the same machine.
    """
    host = urlsplit(f"//{header(scope, b'host') or ''}").hostname or ""
    secure = host not in LOOPBACK
    age = int(SESSION_LIFETIME.total_seconds())
    return [
        Cookie(
            key=SESSION_COOKIE,
            value=secret,
            max_age=age,
            path="/",
            secure=secure,
            httponly=True,
            samesite="strict",
        ),
        Cookie(
            key=CSRF_COOKIE,
            value=caller.csrf_token,
            max_age=age,
            path="/",
            secure=secure,
            httponly=False,
            samesite="strict",
        ),
    ]


def clear_cookies() -> list[Cookie]:
    """Cookies that end at once."""
    return [
        Cookie(key=key, value="", max_age=0, path="/", samesite="strict")
        for key in (SESSION_COOKIE, CSRF_COOKIE)
    ]


class RateLimit:
    """A token bucket for each key: a minute's worth at once, then a steady rate."""

    def __init__(self, per_minute: int) -> None:
        self.capacity = float(per_minute)
        self.per_second = per_minute / 60
        self.buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, cost: float = 1.0) -> None:
        """Take from a bucket.

        Raises Problem (429) with the seconds to wait when it is empty.
        """
        present = time.monotonic()
        level, filled_at = self.buckets.get(key, (self.capacity, present))
        level = min(self.capacity, level + (present - filled_at) * self.per_second)
        if level < max(cost, 1.0):
            wait = max(1, round((max(cost, 1.0) - level) / self.per_second + 0.5))
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"Too many requests. Try again in {wait} s.",
                headers={"Retry-After": str(wait)},
            )
        self.buckets[key] = (level - cost, present)
        self.buckets.move_to_end(key)
        while len(self.buckets) > MOST_BUCKETS:
            self.buckets.popitem(last=False)
