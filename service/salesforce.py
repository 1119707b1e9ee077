"""The org's side of an executed action: a Task, found or created."""

from pathlib import Path
from typing import Any

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError

from salesforce.errors import OrgError
from salesforce.http import Counter, HttpSession, Org
from salesforce.settings import (
    connection_from,
    names_an_org,
    read_connection_file,
    read_environment,
)

TIMEOUT_SECONDS = 30.0
# The outbox tries again by itself, for days.
ATTEMPTS = 2
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
    """Return SALESFORCE_* of the environment, the .env file or a running sandbox org.

    None where no org is configured and no sandbox org has been served from the data folder.

    Raises:
        DeliveryError: the .env file cannot be read.
    """
    try:
        settings = read_environment(dotenv)
    except OrgError as error:
        raise DeliveryError(str(error)) from error
    if names_an_org(settings):
        return settings
    try:
        return read_connection_file(data / "sandbox" / "connection.json")
    except (OSError, ValueError):
        return None


class TaskClient:
    """A signed-in org that takes Tasks."""

    def __init__(self, settings: dict[str, str]) -> None:
        """Sign in.

        Raises:
            DeliveryError: the org does not answer or refuses, or a setting is wrong.
        """
        self.settings = settings
        try:
            org = Org(connection_from(settings), timeout_seconds=TIMEOUT_SECONDS, attempts=ATTEMPTS)
        except OrgError as error:
            raise DeliveryError(str(error)) from error
        # simple-salesforce's types know no attribute for an object.
        self.client: Any = Salesforce(
            session_id=org.access_token,
            instance_url=org.instance_url,
            session=HttpSession(org, Counter()),
            version=org.connection.api_version,
        )

    def deliver(self, action: dict[str, Any], reference: str) -> str:
        """Find the action's Task or create it, and return its id.

        Raises:
            DeliveryError: the org refused it, or did not answer as it should.
        """
        try:
            return self._find_or_create(action, reference)
        except SalesforceError as error:
            raise _delivery_error(error) from error
        except OrgError as error:
            raise DeliveryError(str(error)) from error
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
