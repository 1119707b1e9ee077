"""Errors as the API tells them: problem details (RFC 9457)."""

from http import HTTPStatus

import msgspec

from service.schemas.base import Problem as ProblemDocument

MEDIA_TYPE = "application/problem+json"
NOT_PUBLISHED = (
    "No warehouse is published yet. Make one with `make pipeline`, or with "
    "`python -m warehouse build` where data has been extracted already."
)


class Problem(Exception):  # noqa: N818 - the standard's name for it
    """An answer other than the one asked for; `detail` tells a person what to do."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        field: str | None = None,
        headers: dict[str, str] | None = None,
        reference: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = headers or {}
        self.reference = reference

    def document(self) -> ProblemDocument:
        """The body of the answer."""
        return ProblemDocument(
            type="about:blank",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            field=self.field,
            reference=self.reference,
        )

    def encode(self) -> bytes:
        """The body of the answer in JSON."""
        return msgspec.json.encode(self.document())


class CustomerMoved(Problem):
    """The customer is found under another id; the answer leads to the same address of that one."""

    def __init__(self, asked_for: str, customer_id: str) -> None:
        super().__init__(
            HTTPStatus.PERMANENT_REDIRECT, f"{asked_for} was merged into {customer_id}."
        )
        self.asked_for = asked_for
        self.customer_id = customer_id


def bad_request(detail: str, field: str) -> Problem:
    """A parameter that cannot be used."""
    return Problem(HTTPStatus.BAD_REQUEST, detail, field=field)


def not_found(what: str, identifier: str) -> Problem:
    """Nothing with that id, or nothing that this caller may see."""
    return Problem(HTTPStatus.NOT_FOUND, f"There is no {what} {identifier}.")


def not_published() -> Problem:
    """Nothing to answer from."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, NOT_PUBLISHED, headers={"Retry-After": "30"})
