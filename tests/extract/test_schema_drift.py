"""Fields come, go and change their type in the org; bronze keeps its history."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from extract.sandbox import catalogue
from tests.extract.conftest import Extraction, Sandbox


@pytest.fixture
def product(sandbox: Sandbox) -> Iterator[dict[str, Any]]:
    """The describe of Product2, to be changed; the org is restored afterwards."""
    original = catalogue.describe("Product2")
    sandbox.sql('create or replace table "Product2_backup" as from "Product2"')
    yield copy.deepcopy(original)
    sandbox.describe(original)
    sandbox.sql('drop table "Product2"; alter table "Product2_backup" rename to "Product2"')


def field_like(describe: dict[str, Any], name: str, model: str) -> dict[str, Any]:
    found = next(field for field in describe["fields"] if field["name"] == model)
    return {**copy.deepcopy(found), "name": name, "label": name}


def test_a_new_field_brings_its_values_for_all_rows(
    extraction: Extraction, product: dict[str, Any]
) -> None:
    extraction.configure("Product2")
    extraction.whole()
    extraction.sandbox.sql("""alter table "Product2" add column "Colour__c" text default 'red'""")
    product["fields"].append(field_like(product, "Colour__c", "ProductCode"))
    extraction.sandbox.describe(product)
    outcome = extraction.whole()
    assert outcome.record("Product2")["mode"] == "full"
    newest = extraction.query(
        "select distinct arg_max(Colour__c, _extracted_at) over (partition by Id) from bronze",
        "Product2",
    )
    assert newest == [("red",)]
    assert extraction.whole().record("Product2")["mode"] == "incremental"


def test_a_removed_field_becomes_null_and_keeps_its_history(
    extraction: Extraction, product: dict[str, Any]
) -> None:
    extraction.configure("Product2")
    extraction.whole()
    product["fields"] = [field for field in product["fields"] if field["name"] != "Family"]
    extraction.sandbox.describe(product)
    extraction.sandbox.sql("""update "Product2" set "SystemModstamp" = now()""")
    extraction.whole()
    values = extraction.query(
        "select count(Family), count(*) - count(Family) from bronze", "Product2"
    )
    total = extraction.sandbox.sql('select count(*) from "Product2"')[0][0]
    assert values == [(total, total)]


def test_a_retyped_field_is_read_anew(extraction: Extraction, product: dict[str, Any]) -> None:
    extraction.configure("Product2")
    extraction.sandbox.sql("""alter table "Product2" add column "Colour__c" text default '7.5'""")
    product["fields"].append(field_like(product, "Colour__c", "ProductCode"))
    extraction.sandbox.describe(product)
    extraction.whole()
    product["fields"][-1].update(type="double", precision=18, scale=1)
    extraction.sandbox.describe(product)
    outcome = extraction.whole()
    assert outcome.record("Product2")["mode"] == "full"
    newest = outcome.manifest["objects"]["Product2"]["files"][-1]["path"]
    values = extraction.query(
        f"select distinct Colour__c from read_parquet('{extraction.data}/bronze/{newest}')",
        "Product2",
    )
    assert values == [(Decimal("7.5"),)]
    extraction.whole("compact")


def test_an_object_too_wide_for_one_request_is_read_in_chunks_of_fields(
    extraction: Extraction, product: dict[str, Any]
) -> None:
    names = [f"A_Rather_Long_Field_Name_{number:03d}__c" for number in range(600)]
    columns = "; ".join(
        f"""alter table "Product2" add column "{name}" text default '{number}'"""
        for number, name in enumerate(names)
    )
    extraction.sandbox.sql(columns)
    product["fields"] += [field_like(product, name, "ProductCode") for name in names]
    extraction.sandbox.describe(product)
    extraction.configure("Product2")
    extraction.sandbox.switch(bulk_unsupported="Product2")
    extraction.whole()
    assert extraction.query(
        f"select distinct {names[0]}, {names[299]}, {names[599]} from bronze", "Product2"
    ) == [("0", "299", "599")]
    extraction.assert_equals_org("Product2")


def test_a_missing_optional_object_is_reported_and_skipped(extraction: Extraction) -> None:
    extraction.configure("Account", "Nonsense__c")
    outcome = extraction.whole()
    assert outcome.record("Nonsense__c")["status"] == "missing"
    assert outcome.manifest["objects"]["Nonsense__c"]["status"] == "missing"
    assert "the org has no such object" in outcome.output


def test_a_missing_required_object_fails(extraction: Extraction) -> None:
    extraction.configuration.write_text("objects: {Nonsense__c: {required: true}, Product2: {}}")
    outcome = extraction()
    assert outcome.code == 1
    assert "Nonsense__c is required" in outcome.output
    assert outcome.record("Product2")["status"] == "complete"
