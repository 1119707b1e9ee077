"""Sign-in settings: SALESFORCE_* from the environment, the .env file or a running sandbox org."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv.parser import parse_stream

from salesforce.errors import ConfigurationError

DEFAULT_API_VERSION = "64.0"
DEFAULT_LOGIN_URL = "https://login.salesforce.com"
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


def read_environment(dotenv: Path = Path(".env")) -> dict[str, str]:
    """Return the SALESFORCE_* settings that are set: the environment over the .env file.

    Raises:
        ConfigurationError: a line of the file is not of the form NAME=value.
    """
    found: dict[str, str] = {}
    if dotenv.is_file():
        with dotenv.open(encoding="utf-8") as stream:
            for entry in parse_stream(stream):
                text = entry.original.string.strip()
                if entry.error or (entry.key is not None and entry.value is None):
                    line = entry.original.line + entry.original.string.count(
                        "\n", 0, len(entry.original.string) - len(entry.original.string.lstrip())
                    )
                    raise ConfigurationError(
                        f"{dotenv} line {line} is not of the form NAME=value: {text.split('=')[0]}"
                    )
                if entry.key is not None and entry.value is not None:
                    found[entry.key] = entry.value
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
