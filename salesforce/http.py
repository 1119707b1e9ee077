"""HTTP to an org that is safe to leave alone: retries, timeouts, session refresh, limits.

simple-salesforce builds the requests; the HTTP session under it adds what it lacks. Requests are
counted, so that whoever asks can say what a run cost.
"""

import random
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from salesforce.errors import (
    InterruptedRequestError,
    LimitReachedError,
    OrgError,
    UnreachableError,
)
from salesforce.settings import Connection
from salesforce.sign_in import NoAuthorization, Session, sign_in

ATTEMPTS = 7
FIRST_DELAY_SECONDS = 0.4
LONGEST_DELAY_SECONDS = 60.0
CONNECT_TIMEOUT_SECONDS = 15.0
# 420 is Salesforce's "enhance your calm"; 408 and 429 are the standard's.
RETRIED_STATUSES = frozenset({408, 420, 429, 500, 502, 503, 504})
TRANSPORT_ERRORS = (
    requests.exceptions.ConnectionError,
    requests.exceptions.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)
UNAUTHORIZED = 401
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(slots=True)
class Counter:
    """What was asked of the org: requests sent, of which repeats after a fault."""

    api_calls: int = 0
    retries: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, *, calls: int = 0, retries: int = 0) -> None:
        """Count, from any thread."""
        with self.lock:
            self.api_calls += calls
            self.retries += retries


def back_off_seconds(attempt: int, retry_after: str | None = None) -> float:
    """How long to wait before attempt `attempt` + 1: exponential with jitter, or as asked."""
    delay = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2.0**attempt)
    delay *= 0.5 + random.random() / 2  # noqa: S311 - jitter, not cryptography
    if retry_after and retry_after.isdigit():
        delay = max(delay, min(LONGEST_DELAY_SECONDS, float(retry_after)))
    return delay


class Org:
    """One signed-in org: the token that all clients share, and how much of its limit is spent."""

    def __init__(
        self,
        connection: Connection,
        *,
        timeout_seconds: float,
        api_limit_reserve: float = 0.0,
        attempts: int | None = None,
    ) -> None:
        """Sign in. Raises SignInError, ConfigurationError or UnreachableError."""
        self.connection = connection
        self.timeout_seconds = timeout_seconds
        self.api_limit_reserve = api_limit_reserve
        self.attempts = ATTEMPTS if attempts is None else attempts
        self.api_usage: tuple[int, int] | None = None
        self.clock_offset_seconds = 0.0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._session = self._sign_in()

    @property
    def instance_url(self) -> str:
        """The address of the org's instance."""
        return self._session.instance_url

    @property
    def access_token(self) -> str:
        """The token that is valid now."""
        return self._session.access_token

    def now(self) -> datetime:
        """The org's clock (from its Date header): SystemModstamp is written by it."""
        return datetime.fromtimestamp(time.time() + self.clock_offset_seconds, tz=UTC)

    def stop(self) -> None:
        """Let every thread end at its next request or wait."""
        self._stopped.set()

    def pause(self, seconds: float) -> None:
        """Wait. Raises InterruptedRequestError when the work is being stopped."""
        if self._stopped.wait(seconds):
            raise InterruptedRequestError("Interrupted. What was read is kept; run again to go on.")

    def renew(self, expired_token: str) -> None:
        """Sign in again, once for all threads that found the same token expired."""
        with self._lock:
            if self._session.access_token == expired_token:
                self._session = self._sign_in()

    def _sign_in(self) -> Session:
        with HttpSession(self, Counter()) as http:
            http.auth = NoAuthorization()
            return sign_in(self.connection, http)

    def note(self, headers: Mapping[str, str]) -> None:
        """Remember the org's clock and the share of the daily requests that is used."""
        if "Date" in headers:
            try:
                sent_at = parsedate_to_datetime(headers["Date"])
            except ValueError:
                return
            self.clock_offset_seconds = sent_at.timestamp() - time.time()
        usage = re.search(r"\bapi-usage=(\d+)/(\d+)", headers.get("Sforce-Limit-Info", ""))
        if usage:
            self.api_usage = (int(usage[1]), int(usage[2]))

    def guard_limit(self) -> None:
        """Raise LimitReachedError when the next request would touch the reserve."""
        if self.api_usage is None:
            return
        used, total = self.api_usage
        if total and used >= total * (1 - self.api_limit_reserve):
            raise LimitReachedError(
                f"{used:,} of the org's {total:,} daily API requests are used, and "
                f"{self.api_limit_reserve:.0%} are left to everyone else (api_limit_reserve). "
                "What was read is kept; run again when the limit has recovered (within 24 hours)."
            )


class _TokenAuthorization(requests.auth.AuthBase):
    """Put the org's current token on each request, so that a renewed one is used at once."""

    def __init__(self, org: Org) -> None:
        self.org = org

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.org.access_token}"
        return request


class HttpSession(requests.Session):
    """A requests session with timeouts, bounded retries, token renewal and the limit guard."""

    def __init__(self, org: Org, counter: Counter) -> None:
        """Speak to `org`, counting into `counter`."""
        super().__init__()
        self.org = org
        self.counter = counter
        self.auth = _TokenAuthorization(org)
        if (urlsplit(org.connection.login_url).hostname or "") in LOOPBACK_HOSTS:
            # On one machine compressing costs more than it saves.
            self.headers["Accept-Encoding"] = "identity"
        adapter = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=16)
        self.mount("https://", adapter)

    def request(  # type: ignore[override] # the rest is passed on as it came
        self, method: str | bytes, url: str | bytes, **arguments: Any
    ) -> requests.Response:
        """Send a request; raise UnreachableError when no attempt gets an answer.

        An answer that is no success is returned as it is once it cannot be repaired by a repeat.
        """
        address = url.decode() if isinstance(url, bytes) else url
        is_sign_in = "/services/oauth2/" in address or "/services/Soap/" in address
        # A record may have been made although the answer was lost: whoever asked has to look first.
        is_creation = method in ("POST", b"POST") and "/sobjects/" in address
        arguments.setdefault("timeout", (CONNECT_TIMEOUT_SECONDS, self.org.timeout_seconds))
        # An environment's REQUESTS_CA_BUNDLE would win over `session.verify`.
        arguments["verify"] = self.org.connection.ca_bundle or True
        if (urlsplit(address).hostname or "") in LOOPBACK_HOSTS:
            arguments["proxies"] = {"http": "", "https": "", "no_proxy": "*"}
        attempt = 0
        while True:
            if not is_sign_in:
                self.org.pause(0)
                self.org.guard_limit()
            token = "" if is_sign_in else self.org.access_token
            self.counter.add(calls=1, retries=int(attempt > 0))
            response, reason = self._attempt(method, url, arguments)
            attempt += 1
            if response is not None and not self._wants_repeat(response, is_sign_in=is_sign_in):
                return response
            is_refused = response is not None and response.status_code == UNAUTHORIZED
            if attempt == self.org.attempts or (is_creation and not is_refused):
                if response is not None and is_refused:
                    return response
                times = "once" if attempt == 1 else f"{attempt} times"
                raise UnreachableError(
                    f"{urlsplit(address).netloc} was asked {times} and did not answer "
                    f"{urlsplit(address).path} ({reason}). What was done before is kept; try again "
                    "later."
                )
            if is_refused:
                self.org.renew(token)
                continue
            retry_after = response.headers.get("Retry-After") if response is not None else None
            self.org.pause(back_off_seconds(attempt, retry_after))

    def _attempt(
        self, method: str | bytes, url: str | bytes, arguments: dict[str, Any]
    ) -> tuple[requests.Response | None, str]:
        """Send once; returns the answer, or None, and what to say when it stays that way."""
        try:
            response = super().request(method, url, **arguments)
        except requests.exceptions.SSLError as error:
            raise OrgError(
                f"No trusted connection to {error.request.url if error.request else url!r}: the "
                "certificate is not trusted. Where a proxy or private network has a certificate of "
                "its own, name its authority in SALESFORCE_CA_BUNDLE."
            ) from error
        except TRANSPORT_ERRORS as error:
            return None, type(error).__name__
        self.org.note(response.headers)
        return response, f"HTTP {response.status_code}"

    @staticmethod
    def _wants_repeat(response: requests.Response, *, is_sign_in: bool) -> bool:
        """Whether a repeat may help; a sign-in's 401 and 500 (a SOAP fault) are answers."""
        if is_sign_in and response.status_code in (UNAUTHORIZED, requests.codes.server_error):
            return False
        repeats = response.status_code == UNAUTHORIZED or response.status_code in RETRIED_STATUSES
        if repeats:
            response.close()
        return repeats
