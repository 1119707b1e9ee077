"""What one request sees: a build, the decisions, and a caller with limits."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

import msgspec

from service.problems import bad_request, not_found
from service.state.tokens import Caller
from service.state.work import WorkView
from service.warehouse import Reader

MASKED = "•••"
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
PHONE = re.compile(r"\+?\d[\d ().-]{7,}\d")
ID_PATTERN = r"^(M-)?[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$"
KEY_PATTERN = r"^[0-9a-f]{32}$"
CHECK_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


@dataclass(frozen=True, slots=True)
class View:
    """One request's reader, decisions and caller."""

    reader: Reader
    work: WorkView
    caller: Caller

    def rows(self, name: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Answer rows of a statement that knows the caller's regions."""
        return self.reader.rows(name, regions=self.caller.region_list, **parameters)

    def value(self, name: str, /, **parameters: Any) -> Any:
        """The first column of the first row."""
        return self.reader.value(name, regions=self.caller.region_list, **parameters)

    def can_see(self, region: str | None) -> bool:
        """Whether the caller may see what lies in a region."""
        return self.caller.regions is None or (region or "Unknown") in self.caller.regions

    def check_customer(self, customer_id: str) -> str:
        """The id in its long form, of a customer that the caller may see.

        Raises Problem (404) where there is none.
        """
        long_id = to_long_id(customer_id)
        if self.value("customer_access", customer_id=long_id) is None:
            raise not_found("customer", customer_id)
        return long_id

    def masked(self, text: str | None) -> str | None:
        """A text as the caller may see it: without addresses and numbers of persons."""
        if text is None or self.caller.may_see_personal_data:
            return text
        return PHONE.sub(MASKED, EMAIL.sub(MASKED, text))


def to_long_id(identifier: str) -> str:
    """The 18-character form of a Salesforce id, with the prefix of a master where there is one.

    The last three characters say which of the fifteen are upper case, five at a time.
    """
    prefix = "M-" if identifier.startswith("M-") else ""
    body = identifier.removeprefix("M-")
    if len(body) != 15:
        return identifier
    check = ""
    for start in (0, 5, 10):
        chunk = body[start : start + 5]
        check += CHECK_CHARACTERS[
            sum(1 << place for place, letter in enumerate(chunk) if "A" <= letter <= "Z")
        ]
    return prefix + body + check


def write_cursor(*position: Any) -> str:
    """A position in a sorted list, as a text for an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def read_cursor(cursor: str | None, *types: Any) -> tuple[Any, ...]:
    """The position that a cursor stands for; nulls without one.

    Raises Problem (400) for anything that this service did not hand out.
    """
    if cursor is None:
        return (None,) * len(types)
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position: tuple[Any, ...] = msgspec.json.decode(text, type=tuple[types])  # type: ignore[valid-type]
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise bad_request(
            "This cursor is not one of this list. Start without one.", "cursor"
        ) from error
    return position
