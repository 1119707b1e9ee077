"""Sign-in settings from the environment, and objects.yml."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from extract.errors import ConfigurationError

DEFAULT_API_VERSION = "64.0"
DEFAULT_LOGIN_URL = "https://login.salesforce.com"
DEFAULT_OBJECTS_FILE = Path(__file__).with_name("objects.yml")
SETTING_NAMES = (
    "SALESFORCE_LOGIN_URL",
    "SALESFORCE_CLIENT_ID",
    "SALESFORCE_CLIENT_SECRET",
    "SALESFORCE_PRIVATE_KEY_FILE",
    "SALESFORCE_REFRESH_TOKEN",
    "SALESFORCE_USERNAME",
    "SALESFORCE_PASSWORD",
    "SALESFORCE_SECURITY_TOKEN",
    "SALESFORCE_API_VERSION",
    "SALESFORCE_CA_BUNDLE",
)
# Settings that name an org; the rest only say how to speak to it.
ORG_SETTING_NAMES = SETTING_NAMES[:8]
SECRET_NAMES = (
    "SALESFORCE_CLIENT_SECRET",
    "SALESFORCE_REFRESH_TOKEN",
    "SALESFORCE_PASSWORD",
    "SALESFORCE_SECURITY_TOKEN",
)


@dataclass(frozen=True, slots=True)
class Connection:
    """Where to sign in, as whom, and how. Secrets never show in its representation."""

    login_url: str = DEFAULT_LOGIN_URL
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    private_key_file: Path | None = None
    refresh_token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    security_token: str = field(default="", repr=False)
    api_version: str = DEFAULT_API_VERSION
    ca_bundle: str | None = None

    @property
    def flow(self) -> str:
        """The sign-in flow these settings allow: the safest one first.

        Raises ConfigurationError when no flow has all it needs.
        """
        if self.private_key_file and self.client_id and self.username:
            return "jwt-bearer"
        if self.refresh_token and self.client_id:
            return "refresh-token"
        if self.client_id and self.client_secret:
            return "client-credentials"
        if self.username and self.password:
            return "password"
        raise ConfigurationError(
            "The Salesforce settings are not enough to sign in. Set one of: SALESFORCE_CLIENT_ID, "
            "SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY_FILE (JWT bearer); "
            "SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET (client credentials); "
            "SALESFORCE_CLIENT_ID and SALESFORCE_REFRESH_TOKEN (refresh token); "
            "SALESFORCE_USERNAME, SALESFORCE_PASSWORD and SALESFORCE_SECURITY_TOKEN (password). "
            "docs/extraction.md shows each step by step."
        )


def data_directory() -> Path:
    """The data folder: CUSTOMER360_DATA, or `data` in the current folder."""
    return Path(os.environ.get("CUSTOMER360_DATA") or "data")


def read_environment(dotenv: Path = Path(".env")) -> dict[str, str]:
    """The SALESFORCE_* settings that are set: the environment over the .env file."""
    found: dict[str, str] = {}
    if dotenv.is_file():
        for number, line in enumerate(dotenv.read_text(encoding="utf-8").splitlines(), start=1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            name, separator, value = text.removeprefix("export ").partition("=")
            if not separator:
                raise ConfigurationError(f"{dotenv} line {number} is not of the form NAME=value.")
            value = value.strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            found[name.strip()] = value
    found.update(os.environ)
    return {name: found[name] for name in SETTING_NAMES if found.get(name)}


def secret_values(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values that must not appear in any output."""
    return tuple(environment[name] for name in SECRET_NAMES if environment.get(name))


def names_an_org(environment: Mapping[str, str]) -> bool:
    """Whether the settings point at an org of their own; otherwise the sandbox org is meant."""
    return any(name in environment for name in ORG_SETTING_NAMES)


def connection_from(environment: Mapping[str, str]) -> Connection:
    """Check and normalise SALESFORCE_* values. Raises ConfigurationError with the way out."""
    login_url = environment.get("SALESFORCE_LOGIN_URL", DEFAULT_LOGIN_URL).rstrip("/")
    if "://" not in login_url:
        login_url = f"https://{login_url}"
    parts = urlsplit(login_url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host:
        raise ConfigurationError(
            f"SALESFORCE_LOGIN_URL is {login_url}; it must be an https address such as "
            "https://yourcompany.my.salesforce.com."
        )
    if host.endswith(".lightning.force.com"):
        raise ConfigurationError(
            f"SALESFORCE_LOGIN_URL is {login_url}, the address of Salesforce's pages, not of its "
            f"API. Use https://{host.removesuffix('.lightning.force.com')}.my.salesforce.com."
        )
    version = environment.get("SALESFORCE_API_VERSION", DEFAULT_API_VERSION).lstrip("vV")
    if not version.replace(".", "", 1).isdigit():
        raise ConfigurationError(
            f"SALESFORCE_API_VERSION is {version}; it must be a number such as "
            f"{DEFAULT_API_VERSION}."
        )
    key_file = environment.get("SALESFORCE_PRIVATE_KEY_FILE")
    if key_file and not Path(key_file).is_file():
        raise ConfigurationError(f"SALESFORCE_PRIVATE_KEY_FILE names {key_file}, which is no file.")
    bundle = environment.get("SALESFORCE_CA_BUNDLE")
    if bundle and not Path(bundle).exists():
        raise ConfigurationError(f"SALESFORCE_CA_BUNDLE names {bundle}, which does not exist.")
    return Connection(
        login_url=f"https://{parts.netloc}",
        client_id=environment.get("SALESFORCE_CLIENT_ID"),
        client_secret=environment.get("SALESFORCE_CLIENT_SECRET"),
        private_key_file=Path(key_file) if key_file else None,
        refresh_token=environment.get("SALESFORCE_REFRESH_TOKEN"),
        username=environment.get("SALESFORCE_USERNAME"),
        password=environment.get("SALESFORCE_PASSWORD"),
        security_token=environment.get("SALESFORCE_SECURITY_TOKEN", ""),
        api_version=version if "." in version else f"{version}.0",
        ca_bundle=bundle,
    )


def read_connection_file(path: Path) -> dict[str, str]:
    """The settings that a running sandbox org has written."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return {name: str(document[name]) for name in SETTING_NAMES if document.get(name)}


@dataclass(frozen=True, slots=True)
class ObjectConfiguration:
    """One entry of objects.yml."""

    name: str
    required: bool = False
    exclude: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Configuration:
    """objects.yml: which objects to extract, and the settings that hold for all of them."""

    objects: tuple[ObjectConfiguration, ...]
    api_limit_reserve: float = 0.2
    parallel_objects: int = 4
    rest_rows: int = 4000
    bulk_page_rows: int = 122_880
    visibility_lag_minutes: float = 5
    look_back_minutes: float = 10
    full_refresh_days: float = 7
    reconciliation_days: float = 7
    timeout_seconds: float = 120
    version_retention_days: float | None = None
    exchange_rate_source: str = ""


def read_configuration(path: Path = DEFAULT_OBJECTS_FILE) -> Configuration:
    """Read objects.yml. Raises ConfigurationError that names the wrong entry."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("objects"), dict):
        raise ConfigurationError(f"{path} must have a mapping `objects` from object name to entry.")
    objects = tuple(_read_object(path, name, entry) for name, entry in document["objects"].items())
    settings = document.get("settings") or {}
    known = {item.name: item for item in fields(Configuration) if item.name != "objects"}
    for name, value in settings.items():
        if name not in known:
            raise ConfigurationError(
                f"{path}: unknown setting `{name}`; known are {', '.join(known)}."
            )
        _check_setting(path, name, value)
    return Configuration(objects=objects, **settings)


def _read_object(path: Path, name: str, entry: Any) -> ObjectConfiguration:
    entry = entry or {}
    if not isinstance(entry, dict) or set(entry) - {"required", "exclude"}:
        raise ConfigurationError(
            f"{path}: the entry of {name} may hold `required` (true or false) and `exclude` (a "
            "list of field names) only."
        )
    return ObjectConfiguration(
        name=str(name),
        required=bool(entry.get("required", False)),
        exclude=frozenset(entry.get("exclude") or ()),
    )


def _check_setting(path: Path, name: str, value: Any) -> None:
    if name == "exchange_rate_source":
        if not isinstance(value, str):
            raise ConfigurationError(f"{path}: `{name}` must be an address or a file name.")
        return
    if value is None and name == "version_retention_days":
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ConfigurationError(f"{path}: `{name}` must be a number that is not negative.")
    if name in ("parallel_objects", "timeout_seconds", "bulk_page_rows") and value < 1:
        raise ConfigurationError(f"{path}: `{name}` must be at least 1.")
    if name == "api_limit_reserve" and value >= 1:
        raise ConfigurationError(f"{path}: `{name}` is a share and must be below 1.")
