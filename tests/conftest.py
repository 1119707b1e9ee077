"""Fixtures shared by all tests: a real org, extracted and published by the real commands."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# A test that compares (tests/warehouse/test_spark.py) may be asked for a larger org.
TEST_ACCOUNTS = os.environ.get("CUSTOMER360_TEST_ACCOUNTS", "200")

# The test files that take half a minute and more, the longest first.
LONGEST = (
    "warehouse/test_spark.py",
    "pipeline/test_kill.py",
    "pipeline/test_build.py",
    "warehouse/gold/test_history.py",
    "warehouse/test_silver.py",
    "warehouse/test_engines.py",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where only unit tests are asked for, leave out files without one: importing them is slow."""
    only_units = config.getoption("markexpr") == "unit"
    is_test_file = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    if only_units and is_test_file and "mark.unit" not in collection_path.read_text("utf-8"):
        return True
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that processes that share the tests end together.

    Of tests with the same id these would run one alone, and say nothing of the others.
    """
    repeated = [name for name, count in Counter(i.nodeid for i in items).items() if count > 1]
    if repeated:
        raise pytest.UsageError(f"Tests that share an id: {', '.join(repeated)}")
    places = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(LONGEST)))


def run_stage(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m <arguments>` on the given data folder as a user would; show what failed."""
    environment = os.environ | {
        "CUSTOMER360_DATA": str(data),
        "CUSTOMER360_SANDBOX_ACCOUNTS": TEST_ACCOUNTS,
    }
    completed = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if completed.returncode != 0:
        pytest.fail(
            f"python -m {' '.join(arguments)} ended with {completed.returncode}\n"
            f"{completed.stdout[-4000:]}\n{completed.stderr[-4000:]}"
        )
    return completed


@pytest.fixture(scope="session")
def pristine_data_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a 200-account org extracted and published; read it, never write to it.

    `CUSTOMER360_TEST_DATA` names a folder that `make test` has built already.
    """
    prepared = os.environ.get("CUSTOMER360_TEST_DATA")
    if prepared:
        return Path(prepared)
    data = tmp_path_factory.mktemp("published")
    run_stage(data, "extract")
    run_stage(data, "warehouse", "build")
    return data


@pytest.fixture
def data_directory(pristine_data_directory: Path, tmp_path: Path) -> Path:
    """A copy of the published data folder that a test may change."""
    data = tmp_path / "data"
    shutil.copytree(pristine_data_directory, data, symlinks=True)
    return data
