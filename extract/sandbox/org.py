"""The stored org: one DuckDB table per object, described as Salesforce describes it."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from extract.sandbox.catalogue import BULK_UNSUPPORTED
from extract.sandbox.misbehaviour import Misbehaviour
from extract.sandbox.sessions import Sessions
from extract.sandbox.soql import CompiledQuery, SObject, SObjectField, SoqlError, compile_query

USER_ID = "0055g00000SbAdMAAV"
DAILY_REQUESTS = 100_000
ACTIVITIES = ("Task", "Event")
ACCOUNT_PREFIX = "001"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Org:
    """A generated org that is being served.

    `describes` holds the describe document of each object by its API name. Raises
    duckdb.Error from queries that DuckDB itself refuses.
    """

    def __init__(self, directory: Path, describes: Mapping[str, dict[str, Any]]) -> None:
        self.directory = directory
        self.describes = {name: dict(describe) for name, describe in describes.items()}
        self.misbehaviour = Misbehaviour()
        self.sessions = Sessions()
        self.lock = threading.RLock()
        self._requests = 0
        self._connection = duckdb.connect(str(directory / "org.duckdb"))
        self._connection.execute("set TimeZone = 'UTC'")
        found = self._connection.execute('select "Id" from "Organization"').fetchall()
        self.organization_id = str(found[0][0])
        self._schema: dict[str, SObject] | None = None

    def close(self) -> None:
        """Write everything to disk."""
        self._connection.close()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of the caller's own to the same database."""
        cursor = self._connection.cursor()
        try:
            cursor.execute("set TimeZone = 'UTC'")
            yield cursor
        finally:
            cursor.close()

    @property
    def schema(self) -> dict[str, SObject]:
        """The describes as the SOQL compiler needs them."""
        with self.lock:
            if self._schema is None:
                self._schema = {
                    name.lower(): _sobject(name, describe)
                    for name, describe in self.describes.items()
                }
            return self._schema

    def redescribe(self, name: str, describe: dict[str, Any]) -> None:
        """Replace the describe of one object."""
        with self.lock:
            self.describes[name] = describe
            self._schema = None

    def compile(self, soql: str, *, include_deleted: bool, bulk: bool) -> CompiledQuery:
        """Compile SOQL against this org, leaving out rows that are not visible yet.

        Raises SoqlError.
        """
        schema = self.schema
        late = self.misbehaviour.seconds("late_visibility_seconds")
        refused = (self.misbehaviour.text("bulk_unsupported") or "").lower().split(",")
        if bulk and any(refused):
            schema = {
                name: replace(
                    sobject, is_bulk_supported=sobject.is_bulk_supported and name not in refused
                )
                for name, sobject in schema.items()
            }
        compiled = compile_query(
            soql, schema, today=datetime.now(UTC), include_deleted=include_deleted, bulk=bulk
        )
        if late:
            table = f'from "{compiled.object_name}" as "t"'
            visible = (
                f'from (select * from "{compiled.object_name}" where "SystemModstamp" <= '
                f"now() - interval '{late} seconds') as \"t\""
            )
            compiled = CompiledQuery(
                compiled.object_name,
                compiled.fields,
                compiled.sql.replace(table, visible, 1),
                compiled.parameters,
                compiled.is_count,
            )
        return compiled

    def refuse_long_query(self, compiled: CompiledQuery) -> None:
        """Raise SoqlError QUERY_TIMEOUT for a query of more rows than the switch allows."""
        most = self.misbehaviour.number("timeout_rows")
        if most is None or compiled.is_count:
            return
        with self.cursor() as cursor:
            found = cursor.execute(
                f"select count(*) from ({compiled.sql})", list(compiled.parameters)
            ).fetchall()[0][0]
        if found > most:
            message = "Your query request was running for too long."
            raise SoqlError("QUERY_TIMEOUT", message)

    def count_request(self) -> tuple[int, int] | None:
        """Count an API request; the usage and the limit, or None when the limit is reached."""
        with self.lock:
            left = self.misbehaviour.number("daily_requests")
            if left is not None:
                if left <= 0:
                    return None
                self.misbehaviour.set("daily_requests", str(left - 1))
                return DAILY_REQUESTS - left + 1, DAILY_REQUESTS
            self._requests += 1
            return self._requests, DAILY_REQUESTS

    def remaining_requests(self) -> int:
        """API requests left today."""
        with self.lock:
            left = self.misbehaviour.number("daily_requests")
            return DAILY_REQUESTS - self._requests if left is None else left

    def create(self, name: str, record: Mapping[str, Any]) -> str:
        """Insert one record and return its 18-character id. Raises SoqlError for a bad field."""
        sobject = self.schema[name.lower()]
        unknown = [key for key in record if key.lower() not in sobject.fields]
        if unknown:
            message = f"No such column '{unknown[0]}' on sobject of type {sobject.name}"
            raise SoqlError("INVALID_FIELD", message)
        with self.lock, self.cursor() as cursor:
            prefix = str(self.describes[sobject.name]["keyPrefix"])
            made = cursor.execute(
                f'select count(*) from "{sobject.name}" where "Id" like ?', [f"{prefix}5gNEW%"]
            ).fetchall()[0][0]
            identifier = with_checksum(f"{prefix}5gNEW{_base62(int(made), 7)}")
            values = {sobject.fields[key.lower()].name: value for key, value in record.items()}
            now = datetime.now(UTC)
            if sobject.name in ACTIVITIES and str(values.get("WhatId")).startswith(ACCOUNT_PREFIX):
                # The org itself says whose an activity is, by what it is about.
                values["AccountId"] = values["WhatId"]
            defaults = {
                "Id": identifier,
                "IsDeleted": False,
                "CreatedDate": now,
                "LastModifiedDate": now,
                "SystemModstamp": now,
            }
            values |= {
                key: value for key, value in defaults.items() if key.lower() in sobject.fields
            }
            columns = ", ".join(f'"{key}"' for key in values)
            marks = ", ".join("?" for _ in values)
            cursor.execute(
                f'insert into "{sobject.name}" ({columns}) values ({marks})', list(values.values())
            )
        return identifier

    def update(self, name: str, identifier: str, record: Mapping[str, Any]) -> bool:
        """Change one record; False when there is none."""
        sobject = self.schema[name.lower()]
        unknown = [key for key in record if key.lower() not in sobject.fields]
        if unknown:
            message = f"No such column '{unknown[0]}' on sobject of type {sobject.name}"
            raise SoqlError("INVALID_FIELD", message)
        values: dict[str, Any] = {
            sobject.fields[key.lower()].name: value for key, value in record.items()
        }
        now = datetime.now(UTC)
        values |= {"LastModifiedDate": now, "SystemModstamp": now}
        assignments = ", ".join(f'"{key}" = ?' for key in values)
        with self.lock, self.cursor() as cursor:
            changed = cursor.execute(
                f'update "{sobject.name}" set {assignments} where left("Id", 15) = ?',
                [*values.values(), identifier[:15]],
            ).fetchall()
        return bool(changed[0][0])


def _sobject(name: str, describe: Mapping[str, Any]) -> SObject:
    fields: Sequence[Mapping[str, Any]] = describe["fields"]
    return SObject(
        name,
        {
            str(each["name"]).lower(): SObjectField(
                name=each["name"],
                type=each["type"],
                filterable=each["filterable"],
                sortable=each["sortable"],
                reference_to=next(iter(each.get("referenceTo") or ()), None),
                relationship_name=each.get("relationshipName"),
            )
            for each in fields
        },
        is_bulk_supported=name not in BULK_UNSUPPORTED,
    )


def _base62(number: int, width: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return digits.rjust(width, "0")


def with_checksum(identifier: str) -> str:
    """The 18-character form of a 15-character id: three characters say which are capitals."""
    suffix = ""
    for start in (0, 5, 10):
        bits = sum(
            1 << place
            for place, character in enumerate(identifier[start : start + 5])
            if "A" <= character <= "Z"
        )
        suffix += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits]
    return identifier + suffix
