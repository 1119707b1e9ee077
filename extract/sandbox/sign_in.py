"""Sign-in endpoints, identity, and the list of API versions."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from litestar import Response, get, post

from extract.sandbox import sessions
from extract.sandbox.org import USER_ID
from extract.sandbox.served import AnyRequest, Served, served

VERSIONS = range(58, 68)
XML = "text/xml; charset=UTF-8"


def _open_session(here: Served) -> str:
    lifetime = here.org.misbehaviour.number("session_requests")
    return here.org.sessions.open(here.org.organization_id, lifetime)


@post("/services/oauth2/token", status_code=200)
async def token(request: AnyRequest) -> Response[dict[str, Any]]:
    """OAuth 2.0: JWT bearer, refresh token, client credentials, password."""
    here = served(request)
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    form |= dict(request.query_params.items())
    try:
        with_refresh = sessions.check_grant(form, here.credentials, here.key_path, here.base_url)
    except sessions.SignInRefusedError as refused:
        body = {"error": refused.code, "error_description": str(refused)}
        return Response(body, status_code=400)
    answer: dict[str, Any] = {
        "access_token": _open_session(here),
        "instance_url": here.base_url,
        "id": f"{here.base_url}/id/{here.org.organization_id}/{USER_ID}",
        "token_type": "Bearer",
        "issued_at": str(int(datetime.now(UTC).timestamp() * 1000)),
        "signature": "c2FuZGJveA==",
        "scope": "api refresh_token",
    }
    if with_refresh:
        answer["refresh_token"] = here.credentials.refresh_token
    return Response(answer)


@post("/services/Soap/{kind:str}/{version:str}", status_code=200)
async def soap_login(request: AnyRequest, version: str) -> Response[str]:
    """SOAP login(), while Salesforce has it."""
    here = served(request)
    if here.org.misbehaviour.text("soap_down"):
        return Response("<html>Service Unavailable</html>", status_code=503)
    try:
        sessions.check_soap_login(await request.body(), version, here.credentials)
    except sessions.SignInRefusedError as refused:
        fault = sessions.soap_fault(refused.code, str(refused))
        return Response(fault, status_code=500, media_type=XML)
    url = f"{here.base_url}/services/Soap/u/{version}/{here.org.organization_id}"
    envelope = sessions.soap_success(url, _open_session(here), USER_ID, here.org.organization_id)
    return Response(envelope, media_type=XML)


@get(["/services/oauth2/userinfo", "/id/{organization:str}/{user:str}"])
async def identity(request: AnyRequest) -> dict[str, Any]:
    """Who is signed in."""
    here = served(request)
    return {
        "user_id": USER_ID,
        "organization_id": here.org.organization_id,
        "username": here.credentials.username,
        "preferred_username": here.credentials.username,
        "display_name": "Sandbox Administrator",
        "name": "Sandbox Administrator",
        "email": here.credentials.username,
        "active": True,
        "urls": {"rest": f"{here.base_url}/services/data/v{{version}}/"},
    }


@get("/services/data")
async def versions() -> list[dict[str, str]]:
    """The API versions that the org speaks."""
    return [
        {"label": f"v{number}", "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        for number in VERSIONS
    ]


HANDLERS = [token, soap_login, identity, versions]
