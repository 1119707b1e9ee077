"""The conventions of the dbt project, checked over the manifest that `dbt parse` writes."""

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.dbt import run_dbt

ROOT = Path(__file__).resolve().parents[2]
# The layers, lowest first: a model reads its own layer and those below it.
LAYERS = (
    "base",
    "silver",
    "linking",
    "core",
    "intermediate",
    "score",
    "backtest",
    "gold",
    "serving",
)
PREFIXES = {
    "base": ("base_",),
    "silver": ("silver_", "int_"),
    "quality": ("gold_data_quality_", "int_"),
    "linking": ("int_", "gold_"),
    "core": ("core_", "int_"),
    "intermediate": ("int_",),
    "score": ("gold_", "int_"),
    "backtest": ("gold_", "int_"),
    "gold": ("gold_",),
    "serving": ("serving_",),
    "ops": ("ops_",),
}
# Raw records are read by silver alone, and by what looks at the data beside the layers: quality
# compares base with silver and profiles gold, ops describes all of them.
MAY_READ = {
    name: set(LAYERS[: place + 1]) - ({"base"} if name != "silver" else set())
    for place, name in enumerate(LAYERS)
} | {
    "quality": {*LAYERS, "quality"} - {"serving"},
    "ops": {*LAYERS, "quality", "ops"} - {"serving"},
}
Manifest = dict[str, Any]
Check = Callable[[Manifest], list[str]]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """Return the manifest of the project as it stands."""
    folder = tmp_path_factory.mktemp("manifest")
    completed = run_dbt("parse", file=folder / "warehouse.duckdb", folder=folder)
    assert completed.returncode == 0, completed.stdout
    parsed: Manifest = json.loads((folder / "target" / "manifest.json").read_text())
    return parsed


def nodes(manifest: Manifest, kind: str) -> list[Mapping[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == kind]


def layer(node: Mapping[str, Any]) -> str:
    return str(node["fqn"][1])


def names_without_their_prefix(manifest: Manifest) -> list[str]:
    return [
        model["name"]
        for model in nodes(manifest, "model")
        if not model["name"].startswith(PREFIXES.get(layer(model), ("a known layer",)))
    ]


def models_without_a_grain(manifest: Manifest) -> list[str]:
    return [
        model["name"]
        for model in nodes(manifest, "model")
        if not model["description"].startswith("One row per ")
    ]


def models_without_an_owner(manifest: Manifest) -> list[str]:
    return [
        model["name"]
        for model in nodes(manifest, "model")
        if f"group.customer360.{model['group']}" not in manifest["groups"]
    ]


def columns_without_a_description(manifest: Manifest) -> list[str]:
    return [
        f"{model['name']}.{column}"
        for model in nodes(manifest, "model")
        for column, properties in model["columns"].items()
        if not properties["description"]
    ]


def read_by_people_without_a_contract(manifest: Manifest) -> list[str]:
    return [
        model["name"]
        for model in nodes(manifest, "model")
        if model["name"].startswith(("silver_", "core_", "gold_", "serving_", "ops_"))
        and not (model["contract"]["enforced"] and model["access"] == "public")
    ]


def tables_without_a_key_test(manifest: Manifest) -> list[str]:
    """Tables whose grain no test and no primary key of the database holds; views are too costly."""
    keyed = {
        test["attached_node"]
        for test in nodes(manifest, "test")
        if (test.get("test_metadata") or {}).get("name") in {"primary_key", "unique"}
    }
    constrained = {
        model["unique_id"]
        for model in nodes(manifest, "model")
        for part in (model, *model["columns"].values())
        if "primary_key" in {constraint["type"] for constraint in part["constraints"]}
    }
    return [
        model["name"]
        for model in nodes(manifest, "model")
        if model["config"]["materialized"] == "table"
        and model["unique_id"] not in keyed | constrained
    ]


def references_across_layers(manifest: Manifest) -> list[str]:
    models = {model["unique_id"]: model for model in nodes(manifest, "model")}
    wrong = []
    for model in models.values():
        for parent in model["depends_on"]["nodes"]:
            if parent.startswith("source.") and layer(model) != "base":
                wrong.append(f"{model['name']} reads {parent}")
            elif parent in models and layer(models[parent]) not in MAY_READ[layer(model)]:
                wrong.append(f"{model['name']} reads {models[parent]['name']}")
    return wrong


def macros_without_documentation(manifest: Manifest) -> list[str]:
    """Macros, and arguments of them, that no yml describes; an engine's variant needs none."""
    missing = []
    for macro in manifest["macros"].values():
        variant = re.match(r"(duckdb|spark|materialization)_", macro["name"])
        if macro["package_name"] != "customer360" or (variant and "__" in macro["name"]):
            continue
        described = {argument["name"] for argument in macro["arguments"] if argument["description"]}
        signature = re.search(r"\{%-?\s*\w+\s+\w+\((.*?)\)\s*-?%\}", macro["macro_sql"], re.DOTALL)
        assert signature, macro["name"]
        without_texts = re.sub(r"'[^']*'", "''", signature[1])
        arguments = set(re.findall(r"(?:^|,)\s*(\w+)\s*(?=$|,|=)", without_texts))
        if not macro["description"] or arguments != described:
            missing.append(f"{macro['name']}: {', '.join(sorted(arguments ^ described))}")
    return missing


CHECKS: tuple[Check, ...] = (
    names_without_their_prefix,
    models_without_a_grain,
    models_without_an_owner,
    columns_without_a_description,
    read_by_people_without_a_contract,
    tables_without_a_key_test,
    references_across_layers,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_project_keeps_the_convention(manifest: Manifest, check: Check) -> None:
    assert check(manifest) == []


def rename(model: dict[str, Any]) -> None:
    model["name"] = "customers"


def forget_the_grain(model: dict[str, Any]) -> None:
    model["description"] = "Customers."


def forget_the_owner(model: dict[str, Any]) -> None:
    model["group"] = None


def forget_a_column(model: dict[str, Any]) -> None:
    model["columns"]["region"]["description"] = ""


def drop_the_contract(model: dict[str, Any]) -> None:
    model["contract"]["enforced"] = False


def lose_the_key_test(model: dict[str, Any]) -> None:
    model["unique_id"] = "model.customer360.gold_customer_of_no_test"


def read_the_base(model: dict[str, Any]) -> None:
    model["depends_on"]["nodes"].append("model.customer360.base_account")


@pytest.mark.parametrize(
    ("check", "violate"),
    zip(
        CHECKS,
        (
            rename,
            forget_the_grain,
            forget_the_owner,
            forget_a_column,
            drop_the_contract,
            lose_the_key_test,
            read_the_base,
        ),
        strict=True,
    ),
    ids=lambda function: function.__name__,
)
def test_each_check_tells_of_a_violation(
    manifest: Manifest, check: Check, violate: Callable[[dict[str, Any]], None]
) -> None:
    changed = deepcopy(manifest)
    violate(changed["nodes"]["model.customer360.gold_customer"])
    assert check(changed)


def test_every_macro_and_its_arguments_are_described(manifest: Manifest) -> None:
    assert macros_without_documentation(manifest) == []


@pytest.mark.parametrize("forget", ["description", "arguments"])
def test_a_macro_without_documentation_is_told_of(manifest: Manifest, forget: str) -> None:
    macro = manifest["macros"]["macro.customer360.condition_holds"]
    changed = manifest["macros"] | {"macro.customer360.condition_holds": macro | {forget: ""}}
    (told,) = macros_without_documentation({"macros": changed})
    assert told.startswith("condition_holds")


def test_exposures_name_what_the_service_reads(manifest: Manifest) -> None:
    serving = {
        model["unique_id"] for model in nodes(manifest, "model") if layer(model) == "serving"
    }
    for exposure in ("exposure.customer360.api", "exposure.customer360.dashboard"):
        assert set(manifest["exposures"][exposure]["depends_on"]["nodes"]) & serving
    assert serving <= set(manifest["exposures"]["exposure.customer360.api"]["depends_on"]["nodes"])


def test_no_model_or_source_reads_the_hidden_truth_of_the_sandbox(manifest: Manifest) -> None:
    locations = [
        *(json.dumps(source["meta"]) for source in manifest["sources"].values()),
        *(json.dumps(source["config"]) for source in manifest["sources"].values()),
        *(node.get("raw_code", "") for node in manifest["nodes"].values()),
        *(macro["macro_sql"] for macro in manifest["macros"].values()),
    ]
    assert any("/bronze/" in location for location in locations)
    assert not [
        location for location in locations if "truth/" in location or "sandbox/" in location
    ]
