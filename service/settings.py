"""Settings of the service, read from the environment once."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from common.data_folder import data_folder
from common.encryption import EncryptionKeyError, encryption_key_text

WEB_DIRECTORY = Path(__file__).resolve().parent.parent / "web" / "dist"
DEVELOPMENT_ORIGINS = ("http://localhost:3000", "http://127.0.0.1:3000")
REQUESTS_PER_MINUTE = 3000


class SettingsError(Exception):
    """A setting that cannot work; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and what is allowed. Secrets never show in its representation."""

    data: Path
    state_url: str = field(repr=False)
    encryption_key: str | None = field(default=None, repr=False)
    origins: tuple[str, ...] = DEVELOPMENT_ORIGINS
    requests_per_minute: int = REQUESTS_PER_MINUTE
    web_directory: Path = WEB_DIRECTORY
    query_threads: int = 3
    query_seconds: float = 10.0
    deliver: bool = True

    @property
    def current(self) -> Path:
        """The symlink to the published build."""
        return self.data / "warehouse" / "current.duckdb"


def read_settings() -> Settings:
    """Read the environment.

    Raises SettingsError where a value cannot be used.
    """
    data = data_folder()
    try:
        encryption_key = encryption_key_text()
    except EncryptionKeyError as error:
        raise SettingsError(str(error)) from error
    limit = os.environ.get("CUSTOMER360_REQUESTS_PER_MINUTE", str(REQUESTS_PER_MINUTE))
    if not limit.isdigit() or int(limit) < 1:
        raise SettingsError(
            f"CUSTOMER360_REQUESTS_PER_MINUTE is {limit}; it must be a whole number of at least 1."
        )
    origins = os.environ.get("CUSTOMER360_ORIGINS")
    return Settings(
        data=data,
        state_url=os.environ.get("CUSTOMER360_STATE_URL")
        or f"sqlite:///{(data / 'state.db').resolve()}",
        encryption_key=encryption_key,
        origins=DEVELOPMENT_ORIGINS
        if origins is None
        else tuple(origin.strip().rstrip("/") for origin in origins.split(",") if origin.strip()),
        requests_per_minute=int(limit),
    )
