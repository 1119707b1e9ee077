"""Which fields are read, with which types, in which requests."""

from typing import Any
from urllib.parse import quote_plus

import pyarrow as pa
import pytest

from extract.schema import LONGEST_ENCODED_QUERY, arrow_type, field_chunks, read_describe

pytestmark = pytest.mark.unit


def described(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"name": "Thing__c", "fields": [{"name": "Id", "type": "id"}, *fields]}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ({"type": "boolean"}, pa.bool_()),
        ({"type": "int"}, pa.int64()),
        ({"type": "currency", "precision": 18, "scale": 2}, pa.decimal128(18, 2)),
        ({"type": "percent", "precision": 3, "scale": 0}, pa.decimal128(3, 0)),
        ({"type": "double", "precision": 18, "scale": 15}, pa.decimal128(18, 15)),
        ({"type": "double", "precision": 0, "scale": 0}, pa.float64()),
        ({"type": "double"}, pa.float64()),
        ({"type": "date"}, pa.date32()),
        ({"type": "datetime"}, pa.timestamp("us", "UTC")),
        ({"type": "time"}, pa.string()),
        ({"type": "picklist"}, pa.string()),
        ({"type": "a type of the future"}, pa.string()),
    ],
)
def test_types_follow_the_describe(field: dict[str, Any], expected: pa.DataType) -> None:
    assert arrow_type(field) == expected


def test_blobs_compounds_and_excluded_fields_are_left_out() -> None:
    schema = read_describe(
        described(
            {"name": "BillingAddress", "type": "address"},
            {"name": "Place__c", "type": "location"},
            {"name": "Body", "type": "base64"},
            {"name": "Secret__c", "type": "string"},
            {"name": "BillingCity", "type": "string"},
        ),
        exclude=frozenset({"Secret__c"}),
    )
    assert schema.names == ("Id", "BillingCity")


def test_the_cursor_is_the_best_there_is() -> None:
    created = {"name": "CreatedDate", "type": "datetime"}
    modified = {"name": "LastModifiedDate", "type": "datetime"}
    stamp = {"name": "SystemModstamp", "type": "datetime"}
    assert read_describe(described(created, modified, stamp)).cursor == "SystemModstamp"
    assert read_describe(described(created, modified)).cursor == "LastModifiedDate"
    assert read_describe(described(created)).cursor == "CreatedDate"
    assert read_describe(described()).cursor is None


def test_wide_objects_are_cut_by_the_encoded_length() -> None:
    names = [f"A_Long_Field_Name_Number_{number}__c" for number in range(800)]
    schema = read_describe(described(*({"name": name, "type": "string"} for name in names)))
    where = " WHERE SystemModstamp >= 2026-01-01T00:00:00.000Z"
    chunks = field_chunks(schema, where)
    assert len(chunks) > 1
    assert all(chunk[0] == "Id" for chunk in chunks)
    assert [name for chunk in chunks for name in chunk[1:]] == names
    for chunk in chunks:
        assert len(quote_plus(schema.select(where, chunk))) <= LONGEST_ENCODED_QUERY
