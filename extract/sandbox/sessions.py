"""Sign-in as Salesforce offers it: OAuth 2.0 token endpoint and SOAP login, and the sessions."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

LAST_SOAP_LOGIN_VERSION = 64.0
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_PARTNER = "urn:partner.soap.sforce.com"
_FAULT = "urn:fault.partner.soap.sforce.com"


@dataclass(frozen=True)
class Credentials:
    """What the org accepts; fixed per org, since the org holds nothing worth guarding."""

    username: str = "admin@sandbox.example"
    password: str = "sandbox-password"  # noqa: S105 - a made-up org's
    security_token: str = "sandbox-token"  # noqa: S105
    client_id: str = "customer360-sandbox"
    client_secret: str = "customer360-sandbox-secret"  # noqa: S105
    refresh_token: str = "customer360-sandbox-refresh"  # noqa: S105


class SignInRefusedError(Exception):
    """A sign-in that the org refuses, with OAuth's or SOAP's code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Sessions:
    """The access tokens in force."""

    def __init__(self) -> None:
        self._requests_left: dict[str, int | None] = {}
        self._lock = threading.Lock()

    def open(self, organization_id: str, lifetime_requests: int | None) -> str:
        """Start a session; it ends after `lifetime_requests` requests when that is given."""
        token = f"{organization_id[:15]}!{secrets.token_urlsafe(48)}"
        with self._lock:
            self._requests_left[token] = lifetime_requests
        return token

    def accept(self, token: str) -> bool:
        """Whether the token is in force; counts the request."""
        with self._lock:
            if token not in self._requests_left:
                return False
            left = self._requests_left[token]
            if left is None:
                return True
            if left <= 0:
                del self._requests_left[token]
                return False
            self._requests_left[token] = left - 1
            return True

    def expire_all(self) -> None:
        """End every session."""
        with self._lock:
            self._requests_left.clear()


def jwt_key(directory: Path) -> Path:
    """The private key that signs JWT bearer assertions; its public half is known to the org."""
    path = directory / "jwt.key"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.touch(mode=0o600)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    return path


def check_grant(form: Mapping[str, str], known: Credentials, key_path: Path, url: str) -> bool:
    """Check one request to the token endpoint; True when a refresh token belongs in the answer.

    Raises SignInRefusedError with OAuth's error code.
    """
    grant = form.get("grant_type", "")
    if grant == "urn:ietf:params:oauth:grant-type:jwt-bearer":
        _check_assertion(form.get("assertion", ""), known, key_path, url)
        return False
    if form.get("client_id") != known.client_id:
        raise SignInRefusedError("invalid_client_id", "client identifier invalid")
    if grant == "refresh_token":
        if form.get("refresh_token") != known.refresh_token:
            raise SignInRefusedError("invalid_grant", "expired access/refresh token")
        return False
    if form.get("client_secret") != known.client_secret:
        raise SignInRefusedError("invalid_client", "invalid client credentials")
    if grant == "client_credentials":
        return False
    if grant == "password":
        expected = {known.password, known.password + known.security_token}
        if form.get("username") != known.username or form.get("password") not in expected:
            raise SignInRefusedError("invalid_grant", "authentication failure")
        return True
    raise SignInRefusedError("unsupported_grant_type", "grant type not supported")


def _check_assertion(assertion: str, known: Credentials, key_path: Path, url: str) -> None:
    private_key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
    if not isinstance(private_key, rsa.RSAPrivateKey):
        raise SignInRefusedError("invalid_grant", f"{key_path} holds no RSA key")
    audiences = ["https://login.salesforce.com", "https://test.salesforce.com", url, url + "/"]
    audiences.append(url + "/services/oauth2/token")
    try:
        claims = jwt.decode(
            assertion,
            private_key.public_key(),
            algorithms=["RS256"],
            audience=audiences,
            options={"require": ["exp", "iss", "sub", "aud"]},
        )
    except jwt.ExpiredSignatureError:
        raise SignInRefusedError("invalid_grant", "assertion expired") from None
    except jwt.InvalidAudienceError:
        raise SignInRefusedError("invalid_grant", "audience is invalid") from None
    except jwt.InvalidTokenError:
        raise SignInRefusedError("invalid_grant", "invalid assertion") from None
    if claims["iss"] != known.client_id:
        raise SignInRefusedError("invalid_client_id", "client identifier invalid")
    if claims["sub"] != known.username:
        raise SignInRefusedError("invalid_grant", "user hasn't approved this consumer")


def check_soap_login(body: bytes, version: str, known: Credentials) -> None:
    """Check the envelope of a SOAP login(). Raises SignInRefusedError with SOAP's code."""
    try:
        is_supported = float(version) <= LAST_SOAP_LOGIN_VERSION
    except ValueError:
        is_supported = False
    if not is_supported:
        message = f"SOAP API login() is not supported in API version {version}"
        raise SignInRefusedError("UNSUPPORTED_API_VERSION", message)
    try:
        envelope = ET.fromstring(body)  # noqa: S314 - only loopback speaks to this server
    except ET.ParseError:
        raise SignInRefusedError("UNKNOWN_EXCEPTION", "the envelope is not XML") from None
    username = envelope.findtext(f".//{{{_PARTNER}}}username") or ""
    password = envelope.findtext(f".//{{{_PARTNER}}}password") or ""
    if username != known.username or password != known.password + known.security_token:
        message = "Invalid username, password, security token; or user locked out."
        raise SignInRefusedError("INVALID_LOGIN", message)


def soap_success(server_url: str, session_id: str, user_id: str, organization_id: str) -> str:
    """The loginResponse envelope."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns="{_PARTNER}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><loginResponse>'
        f"<result><metadataServerUrl>{escape(server_url)}</metadataServerUrl>"
        "<passwordExpired>false</passwordExpired><sandbox>true</sandbox>"
        f"<serverUrl>{escape(server_url)}</serverUrl><sessionId>{escape(session_id)}</sessionId>"
        f"<userId>{user_id}</userId><userInfo><accessibilityMode>false</accessibilityMode>"
        f"<organizationId>{organization_id}</organizationId>"
        "<organizationName>Sandbox Telco</organizationName><sessionSecondsValid>7200"
        f"</sessionSecondsValid><userId>{user_id}</userId></userInfo></result>"
        "</loginResponse></soapenv:Body></soapenv:Envelope>"
    )


def soap_fault(code: str, message: str) -> str:
    """The fault envelope; clients look for the literal sf: prefix."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns:sf="{_FAULT}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault>'
        f"<faultcode>sf:{code}</faultcode><faultstring>{code}: {escape(message)}</faultstring>"
        f'<detail><sf:LoginFault xsi:type="sf:LoginFault"><sf:exceptionCode>{code}'
        f"</sf:exceptionCode><sf:exceptionMessage>{escape(message)}</sf:exceptionMessage>"
        "</sf:LoginFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )
