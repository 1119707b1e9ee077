"""Stages meet through data alone, and no imports run in a circle."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STAGES = ("extract", "warehouse", "service")
SHARED = ("salesforce", "common")

pytestmark = pytest.mark.unit


def imports_of(folder: str) -> dict[str, set[str]]:
    """Module -> modules of this repository that it imports, wherever in the file it does."""
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in (*STAGES, *SHARED)
        for path in (ROOT / package).rglob("*.py")
    }
    found = {}
    for module, path in files.items():
        if module.partition(".")[0] != folder:
            continue
        named = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    member = f"{node.module}.{alias.name}"
                    named.add(member if member in files else node.module)
        found[module] = (named & files.keys()) - {module}
    return found


@pytest.mark.parametrize("package", [*STAGES, *SHARED])
def test_a_package_imports_only_itself_and_what_serves_all(package: str) -> None:
    allowed = {package, *SHARED} if package in STAGES else {package}
    foreign = {
        f"{module} imports {other}"
        for module, others in imports_of(package).items()
        for other in others
        if other.partition(".")[0] not in allowed
    }
    assert foreign == set()


def test_no_imports_run_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for package in (*STAGES, *SHARED):
        graph |= imports_of(package)
    assert len(graph) > 100
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(f"imports run in a circle: {' -> '.join(circle.args[1])}")
