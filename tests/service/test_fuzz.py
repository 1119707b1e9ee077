"""Schemathesis over the whole schema: no 500, no answer that the schema does not describe."""

from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks

from service.application import openapi_document
from tests.service.conftest import Server

SCHEMA = schemathesis.openapi.from_dict(openapi_document())
EXAMPLES = 12
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation(case: Any, server: Server, agent: httpx.Client) -> None:
    case.call_and_validate(
        base_url=server.url,
        headers={"Authorization": agent.headers["Authorization"]},
        checks=CHECKS,
    )
