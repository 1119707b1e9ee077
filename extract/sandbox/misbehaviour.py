"""What can go wrong in production, as switches that a test or a user turns on.

A switch is off when absent. Numbers count down where the table below says "next".
"""

import threading
from collections.abc import Mapping

SWITCHES: Mapping[str, str] = {
    "late_visibility_seconds": "rows younger than this by SystemModstamp are not visible yet",
    "missing_rows": "every result page of a bulk job lacks this many of the rows it announces",
    "lost_pages": "a bulk job's locator turns null after this many pages",
    "done_without_next": "1: a REST page says done=false and names no next page",
    "timeout_rows": "a query of more rows than this fails with QUERY_TIMEOUT",
    "longest_uri": "a longer request line answers 414 with an HTML body (16384 when off)",
    "session_requests": "a session ends after this many requests",
    "expired_requests": "the next so many requests find their session expired",
    "bulk_unsupported": "comma-separated objects that Bulk refuses with INVALIDENTITY",
    "daily_requests": "API requests left until REQUEST_LIMIT_EXCEEDED",
    "forgotten_jobs": "1: every bulk job made so far is unknown",
    "status_500": "the next so many requests answer 500 without a body",
    "status_503": "the next so many requests answer 503 with an HTML body",
    "status_429": "the next so many requests answer 429 with Retry-After: 1",
    "dropped_connections": "the next so many bulk results break off in the middle",
    "slow_seconds": "every answer waits this long",
    "empty_result": "how a bulk job without rows answers: header, empty or 204",
    "soap_down": "1: SOAP login answers 503",
    "lost_replies": "the next so many record creations succeed but answer 503",
}


class UnknownSwitchError(ValueError):
    """A switch that does not exist; the message lists those that do."""


class Misbehaviour:
    """The switches in force; safe to use from several threads."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._lock = threading.Lock()

    def set(self, name: str, value: str | None) -> None:
        """Turn a switch on, or off with None. Raises UnknownSwitchError."""
        if name not in SWITCHES:
            known = ", ".join(sorted(SWITCHES))
            raise UnknownSwitchError(f"There is no switch '{name}'. The switches are: {known}.")
        with self._lock:
            if value is None:
                self._values.pop(name, None)
            else:
                self._values[name] = value

    def clear(self) -> None:
        """Turn every switch off."""
        with self._lock:
            self._values.clear()

    def values(self) -> dict[str, str]:
        """The switches that are on."""
        with self._lock:
            return dict(self._values)

    def text(self, name: str) -> str | None:
        """The value of a switch, or None when it is off."""
        with self._lock:
            return self._values.get(name)

    def number(self, name: str) -> int | None:
        """The value of a switch as a whole number, or None when it is off."""
        value = self.text(name)
        return None if value is None else int(value)

    def seconds(self, name: str) -> float:
        """The value of a switch as seconds, 0 when it is off."""
        return float(self.text(name) or 0)

    def take(self, name: str) -> bool:
        """Count a "next so many" switch down by one; False once it is used up."""
        with self._lock:
            left = int(self._values.get(name, 0))
            if left <= 0:
                return False
            self._values[name] = str(left - 1)
            return True
