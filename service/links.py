"""Where an answer's ids lead, as links of the OpenAPI document."""

from http import HTTPStatus

from litestar.openapi.spec import Link, OpenAPI, Reference

# Operation that answers, status, parameter, where the answer holds it, operations that take it.
LINKS = (
    ("listCustomers", 200, "customer_id", "items/0/customer_id", ("getCustomer",)),
    (
        "getCustomer",
        200,
        "customer_id",
        "customer_id",
        (
            "getCustomerScores",
            "listCustomerAlerts",
            "listCustomerRecommendations",
            "getCustomerTimeline",
        ),
    ),
    ("listAlerts", 200, "alert_id", "items/0/alert_id", ("acknowledgeAlert", "snoozeAlert")),
    ("acknowledgeAlert", 200, "alert_id", "alert_id", ("snoozeAlert",)),
    ("acknowledgeAlert", 200, "customer_id", "customer_id", ("listCustomerAlerts",)),
    ("snoozeAlert", 200, "alert_id", "alert_id", ("acknowledgeAlert",)),
    (
        "listRecommendations",
        200,
        "recommendation_id",
        "items/0/recommendation_id",
        ("executeAction", "dismissAction"),
    ),
    ("dismissAction", 200, "recommendation_id", "recommendation_id", ("executeAction",)),
    *(
        link
        for status in (HTTPStatus.CREATED, HTTPStatus.OK)
        for link in (
            (
                "executeAction",
                status,
                "recommendation_id",
                "recommendation_id",
                ("executeAction", "dismissAction"),
            ),
            (
                "executeAction",
                status,
                "customer_id",
                "customer_id",
                ("getCustomer", "getCustomerTimeline"),
            ),
        )
    ),
)


def add_links(document: OpenAPI) -> None:
    """Write the links into the responses that they start from."""
    operations = {
        operation.operation_id: operation
        for item in (document.paths or {}).values()
        for operation in (item.get, item.post, item.delete)
        if operation
    }
    for source, status, parameter, place, targets in LINKS:
        response = (operations[source].responses or {})[str(int(status))]
        if isinstance(response, Reference):
            raise TypeError(f"{source} answers {status} by reference, which cannot carry links")
        response.links = (response.links or {}) | {
            f"{target}By{parameter.title().replace('_', '')}": Link(
                operation_id=target, parameters={parameter: f"$response.body#/{place}"}
            )
            for target in targets
        }
