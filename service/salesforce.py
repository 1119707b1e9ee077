"""The org's side of an executed action: a Task, found or created."""

import json
import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from simple_salesforce.api import Salesforce as Client
from simple_salesforce.exceptions import SalesforceError, SalesforceExpiredSession

NAMES = (
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
# The rest only say how to speak to the org that these name.
ORG_NAMES = NAMES[:8]
TIMEOUT_SECONDS = 30.0
LONGEST_SUBJECT = 255
# What no repetition cures.
FINAL_ERRORS = frozenset(
    {
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "ENTITY_IS_DELETED",
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "FIELD_INTEGRITY_EXCEPTION",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "INVALID_CROSS_REFERENCE_KEY",
        "INVALID_FIELD",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "INVALID_TYPE",
        "MALFORMED_ID",
        "REQUIRED_FIELD_MISSING",
        "STRING_TOO_LONG",
    }
)


class DeliveryError(Exception):
    """A delivery that did not succeed; `is_final` when trying again cannot help."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


def connection_settings(data: Path, dotenv: Path = Path(".env")) -> dict[str, str] | None:
    """SALESFORCE_* from the environment, the .env file or a running sandbox; None without."""
    found: dict[str, str] = {}
    if dotenv.is_file():
        for line in dotenv.read_text(encoding="utf-8").splitlines():
            name, separator, value = line.strip().removeprefix("export ").partition("=")
            if separator and not name.startswith("#"):
                found[name.strip()] = value.strip().strip("\"'")
    found.update(os.environ)
    settings = {name: found[name] for name in NAMES if found.get(name)}
    if any(name in settings for name in ORG_NAMES):
        return settings
    try:
        document = json.loads((data / "sandbox" / "connection.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {name: str(document[name]) for name in NAMES if document.get(name)}


class _Session(requests.Session):
    """Every request has a time limit, and no .netrc file overrides the token."""

    def __init__(self, ca_bundle: str | None) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = ca_bundle or True

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        kwargs["timeout"] = TIMEOUT_SECONDS
        return super().request(method, url, *args, **kwargs)


class Salesforce:
    """A signed-in org."""

    def __init__(self, settings: dict[str, str]) -> None:
        """Sign in. Raises DeliveryError where the org does not answer or refuses."""
        self.settings = settings
        self.http = _Session(settings.get("SALESFORCE_CA_BUNDLE"))
        self.client = self._signed_in()

    def _signed_in(self) -> Any:
        settings = self.settings
        url = settings.get("SALESFORCE_LOGIN_URL", "https://login.salesforce.com").rstrip("/")
        version = settings.get("SALESFORCE_API_VERSION", "64.0").lstrip("vV")
        try:
            form = self._form(url)
            if form is None:
                return Client(
                    username=settings.get("SALESFORCE_USERNAME"),
                    password=settings.get("SALESFORCE_PASSWORD"),
                    security_token=settings.get("SALESFORCE_SECURITY_TOKEN", ""),
                    domain=urlsplit(url).netloc.removesuffix(".salesforce.com"),
                    version=version,
                    session=self.http,
                )
            answer = self.http.post(f"{url}/services/oauth2/token", data=form)
            document = answer.json()
            if not answer.ok:
                raise DeliveryError(
                    f"{url} refused the sign-in: {document.get('error')}: "
                    f"{document.get('error_description')}. Check the SALESFORCE_* settings."
                )
            return Client(
                instance=urlsplit(document["instance_url"]).netloc,
                session_id=document["access_token"],
                version=version,
                session=self.http,
            )
        except (requests.RequestException, SalesforceError, ValueError, KeyError) as error:
            raise DeliveryError(
                f"The org at {url} cannot be reached or did not sign in ({type(error).__name__})."
            ) from error

    def _form(self, url: str) -> dict[str, str] | None:
        """The OAuth form of the safest flow that the settings allow; None for a password."""
        settings = self.settings
        key_file, client_id = (
            settings.get("SALESFORCE_PRIVATE_KEY_FILE"),
            settings.get("SALESFORCE_CLIENT_ID", ""),
        )
        if key_file and client_id and settings.get("SALESFORCE_USERNAME"):
            host = urlsplit(url).hostname or ""
            audience = url
            if host.endswith(".my.salesforce.com"):
                name = "test" if ".sandbox." in host else "login"
                audience = f"https://{name}.salesforce.com"
            claims = {
                "iss": client_id,
                "sub": settings["SALESFORCE_USERNAME"],
                "aud": audience,
                "exp": int(time.time()) + 180,
            }
            key = Path(key_file).read_bytes()
            return {
                "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
                "assertion": jwt.encode(claims, key, algorithm="RS256"),
            }
        secret = settings.get("SALESFORCE_CLIENT_SECRET", "")
        if settings.get("SALESFORCE_REFRESH_TOKEN"):
            return {
                "grant_type": "refresh_token",
                "client_id": client_id,
                "refresh_token": settings["SALESFORCE_REFRESH_TOKEN"],
            } | ({"client_secret": secret} if secret else {})
        if client_id and secret:
            return {
                "grant_type": "client_credentials",
                "client_id": client_id,
                "client_secret": secret,
            }
        return None

    def deliver(self, action: dict[str, Any], reference: str) -> str:
        """Find the action's Task or create it, and return its id.

        Raises DeliveryError.
        """
        try:
            return self._find_or_create(action, reference)
        except SalesforceExpiredSession:
            self.client = self._signed_in()
            return self._deliver_again(action, reference)
        except SalesforceError as error:
            raise _delivery_error(error) from error
        except (requests.RequestException, ValueError, KeyError) as error:
            raise DeliveryError(
                f"The org did not answer as it should ({type(error).__name__})."
            ) from error

    def _deliver_again(self, action: dict[str, Any], reference: str) -> str:
        try:
            return self._find_or_create(action, reference)
        except SalesforceError as error:
            raise _delivery_error(error) from error
        except (requests.RequestException, ValueError, KeyError) as error:
            raise DeliveryError(
                f"The org did not answer as it should ({type(error).__name__})."
            ) from error

    def _find_or_create(self, action: dict[str, Any], reference: str) -> str:
        found = self.client.query(
            f"SELECT Id FROM Task WHERE Subject LIKE '%[{reference}]' ORDER BY CreatedDate LIMIT 1"
        )
        if found["records"]:
            return str(found["records"][0]["Id"])
        due_on = action["due_on"]
        description = [action["note"], action["title"], f"Executed by {action['executed_by']}"]
        if action["assignee"]:
            description.append(f"Assigned to {action['assignee']}")
        created = self.client.Task.create(
            {
                "Subject": f"{action['action'][: LONGEST_SUBJECT - 30]} [{reference}]",
                "WhatId": action["account_id"],
                "Status": "Not Started",
                "ActivityDate": due_on.isoformat() if due_on else None,
                "Description": "\n".join(part for part in description if part),
            }
        )
        return str(created["id"])


def _delivery_error(error: SalesforceError) -> DeliveryError:
    content = error.content
    first: Any = content[0] if isinstance(content, list) and content else {}
    code = first.get("errorCode", "") if isinstance(first, dict) else ""
    message = first.get("message", "") if isinstance(first, dict) else ""
    reason = f"Salesforce answered {error.status} {code} {message}".strip().rstrip(".")
    return DeliveryError(f"{reason}.", is_final=code in FINAL_ERRORS)
