"""The org as one object's extraction sees it, and what its refusals mean."""

import re
from typing import Any

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError

from extract.errors import ExtractionError, QueryTimeoutError, StaleJobError, UnsupportedByBulkError
from salesforce.errors import LimitReachedError, OrgError
from salesforce.http import UNAUTHORIZED, Counter, HttpSession, Org

LIMIT_ERRORS = frozenset({"REQUEST_LIMIT_EXCEEDED", "TXN_SECURITY_METERING_ERROR"})
STALE_ERRORS = frozenset({"INVALID_QUERY_LOCATOR", "INVALIDJOB", "NOT_FOUND"})
BULK_ERRORS = frozenset({"INVALIDENTITY", "FEATURENOTENABLED", "API_DISABLED_FOR_ORG"})


class Client:
    """The org as one object's extraction sees it, with a session and counters of its own."""

    def __init__(self, org: Org, counter: Counter | None = None) -> None:
        """Open no connection yet."""
        self.org = org
        self.counter = counter or Counter()
        self.http = HttpSession(org, self.counter)
        # parse_float keeps the digits as the org sent them.
        self.salesforce = Salesforce(
            session_id=org.access_token,
            instance_url=org.instance_url,
            session=self.http,
            version=org.connection.api_version,
            parse_float=str,
            object_pairs_hook=dict,
        )

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def describe(self, object_name: str) -> dict[str, Any] | None:
        """The object's describe, or None when the org (or the user) has no such object."""
        try:
            return dict(self.salesforce.restful(f"sobjects/{object_name}/describe") or {})
        except SalesforceError as error:
            if error.status == requests.codes.not_found:
                return None
            raise translate(error, object_name) from error

    def organization(self) -> dict[str, Any]:
        """Id, Name, OrganizationType and IsSandbox of the org."""
        records = self.query(
            "SELECT Id, Name, OrganizationType, IsSandbox FROM Organization", "Organization"
        )["records"]
        return dict(records[0])

    def limits(self) -> dict[str, Any]:
        """The org's limits, each `{Max, Remaining}`."""
        try:
            return dict(self.salesforce.limits())
        except SalesforceError as error:
            raise translate(error, "limits") from error

    def count(self, object_name: str, where: str = "", *, include_deleted: bool = True) -> int:
        """How many rows a query would give. Raises QueryTimeoutError on very large objects."""
        soql = f"SELECT COUNT() FROM {object_name}{where}"
        return int(self.query(soql, object_name, include_deleted=include_deleted)["totalSize"])

    def query(
        self, soql: str, object_name: str, *, include_deleted: bool = False
    ) -> dict[str, Any]:
        """The first page of a REST query."""
        try:
            return dict(self.salesforce.query(soql, include_deleted=include_deleted))
        except SalesforceError as error:
            raise translate(error, object_name) from error

    def query_more(self, next_records_url: str, object_name: str) -> dict[str, Any]:
        """A later page of a REST query."""
        try:
            return dict(self.salesforce.query_more(next_records_url, identifier_is_url=True))
        except SalesforceError as error:
            raise translate(error, object_name) from error


def error_code(error: SalesforceError) -> tuple[str, str]:
    """The first (errorCode, message) of Salesforce's answer; the body may be HTML or empty."""
    content = error.content
    if isinstance(content, list) and content and isinstance(content[0], dict):
        return str(content[0].get("errorCode", "")), str(content[0].get("message", ""))
    if isinstance(content, dict):
        return str(content.get("errorCode", "")), str(content.get("message", ""))
    return f"HTTP_{error.status}", re.sub(r"<[^>]*>|\s+", " ", str(content)).strip()[:200]


def translate(error: SalesforceError, object_name: str) -> OrgError:
    """One clear error for what the org refused."""
    code, message = error_code(error)
    if code in LIMIT_ERRORS:
        return LimitReachedError(
            f"The org's API request limit is reached ({code}). What was read is kept; run again "
            "when it has recovered (within 24 hours)."
        )
    if code == "QUERY_TIMEOUT":
        return QueryTimeoutError(f"{object_name}: the org gave up on the query ({message}).")
    if code in STALE_ERRORS or error.status == requests.codes.not_found:
        return StaleJobError(f"{object_name}: the org no longer knows this address ({message}).")
    if code in BULK_ERRORS:
        return UnsupportedByBulkError(f"{object_name}: {message}")
    if error.status == UNAUTHORIZED:
        return ExtractionError(
            f"The org does not accept the session ({code}: {message}), also after a new sign-in. "
            "Check that the user may use the API and that its IP range is allowed."
        )
    return ExtractionError(f"{object_name}: the org refused the request: {code}: {message}")
