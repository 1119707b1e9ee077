"""Every route, found from the application: documented, guarded, wrong in one shape."""

import json
import subprocess
import sys
from typing import Any

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from service.app_state import AppState
from service.application import create_routes, openapi_document
from service.observability import Metrics
from service.settings import read_settings
from tests.service.conftest import Server

PROBLEM = {"type", "title", "status", "detail"}
DOCUMENT = openapi_document()
OPERATIONS = [
    (method, path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
UNKNOWN_ID = {
    "customer_id": "001000000000000AAA",
    "alert_id": "0" * 32,
    "recommendation_id": "0" * 32,
    "table": "nothing",
}


def address(path: str) -> str:
    for name, value in UNKNOWN_ID.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def assert_problem(response: httpx.Response, *statuses: int) -> dict[str, Any]:
    assert response.status_code in statuses, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert set(body) >= PROBLEM
    assert body["status"] == response.status_code
    assert body["detail"]
    return body


def test_every_api_route_of_the_application_is_in_the_schema() -> None:
    application = create_routes(AppState(read_settings()), Metrics())
    paths = {
        (method.lower(), route.path_format)
        for route in application.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and not route.path.startswith("/api/schema")
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    assert {(method, path) for method, path, _ in OPERATIONS} == paths


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_route_is_documented(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["operationId"]
    assert operation["summary"], f"{method} {path}"
    assert operation["description"]
    assert operation["tags"]
    for parameter in operation.get("parameters", ()):
        assert parameter["description"]
    if path.startswith("/api"):
        assert {"400", "401", "403", "404", "500", "503"} <= set(operation["responses"])


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_api_route_demands_a_caller(
    server: Server, method: str, path: str, operation: dict[str, Any]
) -> None:
    if not path.startswith("/api"):
        return
    with server.client(None) as nobody:
        body = {"token": "wrong"} if operation["operationId"] == "createSession" else {}
        response = nobody.request(method, address(path), json=body)
        assert_problem(response, 401)


def test_forged_credentials_are_no_caller(server: Server) -> None:
    for headers in (
        {"Authorization": "Bearer c360_forged"},
        {"Authorization": "Basic Zm9yZ2VkOmZvcmdlZA=="},
        {"Authorization": ""},
        {"Cookie": "customer360_session=forged"},
        {"Cookie": "customer360_session="},
    ):
        assert_problem(httpx.get(f"{server.url}/api/customers", headers=headers), 401)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_route_refuses_in_one_shape(
    agent: httpx.Client, method: str, path: str, operation: dict[str, Any]
) -> None:
    """Unknown ids are 404, malformed ones and unknown parameters 400 with the field named."""
    if "{" in path:
        query = {"measure": "mrr_usd"} if path.endswith("evidence") else {}
        body = {"reason": "none", "until": "2999-01-01"} if method == "post" else None
        response = agent.request(method, address(path), params=query, json=body)
        assert_problem(response, 404)
        malformed = path
        for name in UNKNOWN_ID:
            malformed = malformed.replace(f"{{{name}}}", "!")
        found = assert_problem(agent.request(method, malformed, params=query, json=body), 400)
        assert found["field"] in UNKNOWN_ID
    if operation["operationId"] not in ("createSession", "deleteSession"):
        body = {} if method == "post" else None
        response = agent.request(method, address(path), params={"bogus": "1"}, json=body)
        assert assert_problem(response, 400)["field"] == "bogus"


def test_unknown_addresses_are_problems_and_pages_are_the_dashboard(agent: httpx.Client) -> None:
    assert_problem(agent.get("/api/nothing"), 404)
    assert_problem(agent.get("/api"), 404)
    assert_problem(agent.put("/api/customers"), 405)
    assert_problem(agent.get("/assets/missing.js"), 404)
    page = agent.get("/customer/001000000000000AAA")
    assert page.headers["content-type"].startswith("text/html")


def test_every_answer_has_secure_headers(agent: httpx.Client) -> None:
    for path in ("/", "/api/build", "/api/nothing", "/health", "/metrics"):
        headers = agent.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-request-id"]


def test_schema_command_prints_the_schema() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "service", "openapi"], check=True, capture_output=True, text=True
    )
    assert json.loads(printed.stdout)["paths"].keys() == DOCUMENT["paths"].keys()
