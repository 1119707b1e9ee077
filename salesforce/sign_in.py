"""Sign-in: OAuth (JWT bearer, refresh token, client credentials) or username and password.

simple-salesforce's own OAuth flows accept only hosts under salesforce.com, know no refresh token
and forget the instance's port; here every flow takes the configured address. The SOAP login of
the password flow is simple-salesforce's.
"""

import time
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlsplit

import jwt
import requests
from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from simple_salesforce.login import SalesforceLogin

from salesforce.errors import ConfigurationError, SignInError
from salesforce.settings import Connection

SHARED_LOGIN_HOSTS = ("login.salesforce.com", "test.salesforce.com")
# SOAP login() ends with this version; later ones refuse it.
LAST_SOAP_LOGIN_VERSION = 64.0
ASSERTION_LIFETIME_SECONDS = 180

WAYS_OUT = {
    "invalid_client_id": "Check SALESFORCE_CLIENT_ID: it is the connected app's consumer key.",
    "invalid_client": "Check SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET.",
    "invalid_grant": (
        "For JWT bearer: the certificate of the private key must be uploaded to the connected app, "
        "the user pre-authorised for it, and SALESFORCE_LOGIN_URL must be "
        "https://test.salesforce.com for a Salesforce sandbox. For a refresh token: it has expired "
        "or was revoked, get a new one. For client credentials: the app needs a run-as user."
    ),
    "invalid_app_access": (
        "Pre-authorise the user: the connected app's policy must be 'Admin approved users' and a "
        "permission set or profile of the user must be assigned to it."
    ),
    "unsupported_grant_type": (
        "The connected app does not allow this flow: switch it on in its OAuth settings, or use "
        "another flow."
    ),
    "inactive_user": "The user is inactive: activate it or use another.",
    "rate_limit_exceeded": "Too many sign-ins in a short time: wait some minutes.",
    "INVALID_LOGIN": (
        "Check SALESFORCE_USERNAME, SALESFORCE_PASSWORD and SALESFORCE_SECURITY_TOKEN (the token "
        "is e-mailed after every change of the password). For a Salesforce sandbox set "
        "SALESFORCE_LOGIN_URL=https://test.salesforce.com."
    ),
    "LOGIN_MUST_USE_SECURITY_TOKEN": (
        "Set SALESFORCE_SECURITY_TOKEN: Salesforce, your settings, Reset My Security Token."
    ),
    "API_DISABLED_FOR_ORG": "The org's edition has no API access.",
    "API_CURRENTLY_DISABLED": "The user's profile lacks the permission API Enabled.",
    "PASSWORD_LOCKOUT": "The user is locked out after wrong passwords: unlock it in Setup, Users.",
}
SOAP_RETIRED = (
    "Salesforce no longer accepts username and password through SOAP from API version 65 on: set "
    "SALESFORCE_API_VERSION=64.0 while that lasts, or better use an OAuth flow (client "
    "credentials: SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET)."
)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in session: the access token and the address of the org's instance."""

    access_token: str = field(repr=False)
    instance_url: str


class NoAuthorization(requests.auth.AuthBase):
    """Send no Authorization header, whatever a .netrc file holds for the host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request


def sign_in(connection: Connection, http: requests.Session) -> Session:
    """Sign in once with the flow that the settings allow.

    Raises SignInError with the org's reason and the way out, and ConfigurationError where the
    settings cannot work.
    """
    flow = connection.flow
    if flow == "password":
        return _sign_in_with_soap(connection, http)
    form: dict[str, str]
    if flow == "jwt-bearer":
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": _assertion(connection),
        }
    elif flow == "refresh-token":
        form = {
            "grant_type": "refresh_token",
            "client_id": connection.client_id or "",
            "refresh_token": connection.refresh_token or "",
        }
        if connection.client_secret:
            form["client_secret"] = connection.client_secret
    else:
        if urlsplit(connection.login_url).hostname in SHARED_LOGIN_HOSTS:
            raise ConfigurationError(
                "Client credentials work only at the org's own address: set SALESFORCE_LOGIN_URL "
                "to https://<your domain>.my.salesforce.com (Setup, My Domain)."
            )
        form = {
            "grant_type": "client_credentials",
            "client_id": connection.client_id or "",
            "client_secret": connection.client_secret or "",
        }
    url = f"{connection.login_url}/services/oauth2/token"
    response = http.post(url, data=form, auth=NoAuthorization())
    try:
        document = response.json()
    except ValueError:
        document = {}
    if response.status_code != requests.codes.ok:
        _refuse(
            flow,
            connection,
            str(document.get("error", f"HTTP {response.status_code}")),
            str(document.get("error_description", "no description")),
        )
    return _session(document, connection)


def _session(document: dict[str, Any], connection: Connection) -> Session:
    token, instance_url = document.get("access_token"), document.get("instance_url")
    if not token or not instance_url:
        raise SignInError(
            f"{connection.login_url} answered the sign-in without an access token: it may not be "
            "a Salesforce address. Check SALESFORCE_LOGIN_URL."
        )
    return Session(access_token=str(token), instance_url=str(instance_url).rstrip("/"))


def _assertion(connection: Connection) -> str:
    """Sign the assertion of RFC 7523 with the private key (RS256)."""
    if connection.private_key_file is None:
        raise ConfigurationError("SALESFORCE_PRIVATE_KEY_FILE is not set.")
    host = urlsplit(connection.login_url).hostname or ""
    audience = connection.login_url
    if host.endswith(".my.salesforce.com"):
        # The audience is the login service, not the org's own domain.
        name = "test" if ".sandbox." in host else "login"
        audience = f"https://{name}.salesforce.com"
    claims = {
        "iss": connection.client_id,
        "sub": connection.username,
        "aud": audience,
        "exp": int(time.time()) + ASSERTION_LIFETIME_SECONDS,
    }
    try:
        return jwt.encode(claims, connection.private_key_file.read_bytes(), algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError) as error:
        raise ConfigurationError(
            f"{connection.private_key_file} does not hold an unencrypted RSA private key in PEM "
            "format (SALESFORCE_PRIVATE_KEY_FILE)."
        ) from error


def _sign_in_with_soap(connection: Connection, http: requests.Session) -> Session:
    if float(connection.api_version) > LAST_SOAP_LOGIN_VERSION:
        raise ConfigurationError(SOAP_RETIRED)
    try:
        token, host = SalesforceLogin(
            username=connection.username,
            password=connection.password,
            security_token=connection.security_token,
            sf_version=connection.api_version,
            session=http,
            client_id="customer360",
            scratch_url=connection.login_url,
        )
    except SalesforceAuthenticationFailed as error:
        _refuse("password", connection, str(error.code), error.auth_message)
    return Session(access_token=token, instance_url=f"https://{host}")


def _refuse(flow: str, connection: Connection, code: str, reason: str) -> NoReturn:
    """Raise SignInError: the org's own words, then what to do about them."""
    way_out = WAYS_OUT.get(code, "")
    if code in ("INVALID_OPERATION", "UNSUPPORTED_API_VERSION") or "SOAP" in reason:
        way_out = SOAP_RETIRED
    raise SignInError(
        f"{connection.login_url} refused the sign-in ({flow}): {code}: {reason}. {way_out}".strip()
    )
