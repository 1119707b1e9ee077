"""Schemathesis over the whole schema: no 500, no answer that the schema does not describe."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, seed, settings
from schemathesis import checks

from service.application import openapi_document
from tests.service.conftest import Server

DOCUMENT = openapi_document()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
EXAMPLES = 12
ROUNDS = 12
FOLLOWED = ("getCustomerTimeline", "acknowledgeAlert", "executeAction")
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def fuzz(operation_id: str) -> Callable[..., None]:
    """The test of one operation: schemathesis gives those of all operations one id."""

    @SCHEMA.include(operation_id=operation_id).parametrize()
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def test_operation(case: Any, server: Server, agent: httpx.Client) -> None:
        case.call_and_validate(
            base_url=server.url,
            headers={"Authorization": agent.headers["Authorization"]},
            checks=CHECKS,
        )

    return test_operation  # type: ignore[no-any-return]


for _path in DOCUMENT["paths"].values():
    for _operation in _path.values():
        globals()[f"test_{_operation['operationId']}"] = fuzz(_operation["operationId"])


def test_what_one_answer_names_the_next_request_takes(server: Server, agent: httpx.Client) -> None:
    """Chains of requests along the links: find, execute or decide, read, decide otherwise."""
    seen: Counter[tuple[str, int]] = Counter()

    class Chains(SCHEMA.as_state_machine()):  # type: ignore[misc]
        def before_call(self, case: Any) -> None:
            if not case.path_parameters:
                # A list by random filters is empty, and leads nowhere.
                case.query = {}

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            del case
            headers = {"Authorization": agent.headers["Authorization"]}
            return {"base_url": server.url, "headers": headers}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            seen[case.operation.definition.raw["operationId"], response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

    def unseen() -> list[str]:
        return [name for name in FOLLOWED if not seen[name, 200] + seen[name, 201]]

    # Which links are followed is drawn, and what they lead to lies in the data: more chains are
    # drawn until each of the operations has been reached.
    for number in range(ROUNDS):
        seed(number)(Chains)
        Chains.run(
            settings=settings(
                max_examples=60,
                stateful_step_count=8,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
        )
        if not unseen():
            break
    assert not unseen(), dict(seen)
