"""The extraction's log: one JSON object per line, without secrets and without field values."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOGGER = logging.getLogger("customer360.extract")
LARGEST_FILE_BYTES = 10 << 20
KEPT_FILES = 5
HIDDEN = "[hidden]"


class LogFile(RotatingFileHandler):
    """A log that cannot be written stops nothing: what matters is said on the screen as well."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class's name
        """Say nothing: the default is a stack trace."""

    def close(self) -> None:
        """Close the file, also on a full disk."""
        with suppress(OSError):
            super().close()


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON: time, level, event, and what `extra={"data": {...}}` holds."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        """Hide `secrets` wherever they turn up."""
        super().__init__()
        self.secrets = list(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        document = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "data", {}),
        }
        return hide(json.dumps(document, ensure_ascii=False, default=str), self.secrets)


def hide(text: str, secrets: Sequence[str]) -> str:
    """The text without any of the secrets."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN).replace(json.dumps(secret)[1:-1], HIDDEN)
    return text


@contextmanager
def logging_to(path: Path, secrets: Sequence[str]) -> Iterator[None]:
    """Log to a file, which is rotated, while the context is open."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = LogFile(
        path, maxBytes=LARGEST_FILE_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(JsonFormatter(secrets))
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
    LOGGER.addHandler(handler)
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        handler.close()


def log(event: str, **data: object) -> None:
    """Write one line: what happened, and its numbers and names."""
    LOGGER.info(event, extra={"data": data})
