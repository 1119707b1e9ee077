"""Customers whose id has ended, because their account was merged away in Salesforce."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import md5


@dataclass(frozen=True, slots=True)
class FormerId:
    """An id that ended, and the customer that stands in its place."""

    former_customer_id: str
    customer_id: str
    ended_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Aliases:
    """The ids that had ended by a build, and the codes of its rules."""

    of_customer: dict[str, list[FormerId]] = field(default_factory=dict)
    customer_of: dict[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[FormerId], codes: Iterable[str]) -> "Aliases":
        """The aliases of a build."""
        of_customer: dict[str, list[FormerId]] = defaultdict(list)
        customer_of = {}
        for row in rows:
            of_customer[row.customer_id].append(row)
            customer_of[row.former_customer_id] = row.customer_id
        return cls(dict(of_customer), customer_of, tuple(codes))

    def current_key(self, key: str, customer_id: str) -> str:
        """The id now of an alert or a recommendation that was one of a former customer.

        Such an id is a hash of customer and rule (gold.risk_alerts, gold.recommendations), so the
        rule is the one whose hash it is. What no rule of the build made keeps its id.
        """
        current = self.customer_of.get(customer_id)
        if current is None:
            return key
        return next(
            (rule_key(current, code) for code in self.codes if rule_key(customer_id, code) == key),
            key,
        )

    def former_keys(self, customer_id: str, code: str) -> tuple[str, ...]:
        """What the id of a rule's recommendation was under each former id of a customer."""
        return tuple(
            rule_key(row.former_customer_id, code) for row in self.of_customer.get(customer_id, ())
        )


def rule_key(customer_id: str, code: str) -> str:
    """The id of the alert or the recommendation that a rule makes for a customer."""
    return md5(f"{customer_id}|{code}".encode(), usedforsecurity=False).hexdigest()
