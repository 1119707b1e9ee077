"""What one request sees: a build, the decisions, and a caller with limits."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from service.problems import CustomerMoved, Problem, bad_request, not_found
from service.state.actions import Decisions
from service.state.tokens import Caller
from service.warehouse import Reader

MASKED = "•••"
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# Neither a date nor the digits of a record's number (INV-2026-000123).
PHONE = re.compile(r"(?<!\w)(?<![A-Za-z]-)(?!\d{4}-\d\d-\d\d(?!\d))\+?\d[\d ().-]{7,}\d")
ID_PATTERN = r"^(M-)?[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$"
KEY_PATTERN = r"^[0-9a-f]{32}$"
CHECK_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


@dataclass(frozen=True, slots=True)
class CallerView:
    """One request's reader, decisions and caller."""

    reader: Reader
    decisions: Decisions
    caller: Caller
    # What the contacts of a customer are called, for callers who may not read it.
    persons: dict[str, re.Pattern[str] | None] = field(default_factory=dict)

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

        Raises CustomerMoved where the id has ended, Problem (404) where there is none.
        """
        long_id = to_long_id(customer_id)
        if self.value("customer_access", customer_id=long_id) is None:
            raise self.absent(customer_id)
        return long_id

    def absent(self, customer_id: str) -> Problem:
        """What to tell of an id that no customer has, or none that the caller may see."""
        current = self.reader.snapshot.aliases.customer_of.get(to_long_id(customer_id))
        if current and self.value("customer_access", customer_id=current) is not None:
            return CustomerMoved(customer_id, current)
        return not_found("customer", customer_id)

    def masked(self, text: str | None, *customer_ids: str | None) -> str | None:
        """A text as the caller may see it.

        Without the right to personal data, it lacks e-mail addresses, phone numbers and the names
        of contacts of the customers that it is about.
        """
        if not text or self.caller.may_see_personal_data:
            return text
        text = PHONE.sub(MASKED, EMAIL.sub(MASKED, text))
        known = [identifier for identifier in customer_ids if identifier]
        self.look_up_persons(known)
        for identifier in known:
            pattern = self.persons[identifier]
            if pattern:
                text = pattern.sub(MASKED, text)
        return text

    def look_up_persons(self, customer_ids: Iterable[str]) -> None:
        """Read what the contacts of customers are called, of all that `masked` needs in one go."""
        unknown = sorted(set(customer_ids) - self.persons.keys())
        if not unknown:
            return
        self.persons.update(dict.fromkeys(unknown))
        # With a cursor of its own: an export is still read from the other.
        reader = self.reader.snapshot.own_reader()
        try:
            found = reader.rows("person_names", customer_ids=unknown)
        finally:
            reader.cursor.close()
        for row in found:
            # The longest first: a full name is one mask.
            names = sorted(row["names"], key=len, reverse=True)
            words = "|".join(map(re.escape, names))
            self.persons[row["customer_id"]] = re.compile(
                rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE
            )


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
