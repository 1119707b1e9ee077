"""The environment in which dbt runs: where the project, the data and its outputs are."""

import hashlib
import importlib.metadata
import os
from pathlib import Path

from warehouse.runner.encryption import encryption_key
from warehouse.runner.folder import PROJECT_ROOT, DataFolder

# The rest is for Python (dbt's project, batches of the registered functions), for the service that
# may run on the same machine, and for the page cache that makes the files fast.
MEMORY_SHARE = 0.6
PROJECT_FILES = frozenset({".sql", ".yml", ".csv", ".py"})
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def memory_limit() -> str:
    """Return DuckDB's memory limit: CUSTOMER360_MEMORY_LIMIT, or a share of what there is.

    Inside a container what there is is the container's limit, not the machine's memory.
    """
    chosen = os.environ.get("CUSTOMER360_MEMORY_LIMIT")
    if chosen:
        return chosen
    available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if CGROUP_LIMIT.exists():
        limit = CGROUP_LIMIT.read_text().strip()
        available = min(available, int(limit)) if limit.isdigit() else available
    return f"{int(available * MEMORY_SHARE) >> 20}MiB"


def dbt_environment(folder: DataFolder, warehouse_file: Path) -> dict[str, str]:
    """Return the environment in which dbt finds the project and writes to the right places."""
    return os.environ | {
        "CUSTOMER360_DATA": str(folder.root),
        "CUSTOMER360_WAREHOUSE_FILE": str(warehouse_file),
        "CUSTOMER360_MEMORY_LIMIT": memory_limit(),
        "CUSTOMER360_ENCRYPTED": "true" if encryption_key() else "",
        "DBT_PROJECT_DIR": os.environ.get("DBT_PROJECT_DIR") or str(PROJECT_ROOT / "warehouse"),
        "DBT_PROFILES_DIR": os.environ.get("DBT_PROFILES_DIR") or str(PROJECT_ROOT),
        "DBT_TARGET_PATH": str(folder.dbt / "target"),
        "DBT_LOG_PATH": str(folder.dbt / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONUNBUFFERED": "1",
    }


def project_fingerprint(project: Path) -> str:
    """Return what the outcome of the project's unit tests hangs on: its files and the engines."""
    digest = hashlib.sha256()
    for package in ("dbt-core", "dbt-duckdb", "duckdb"):
        digest.update(importlib.metadata.version(package).encode())
    for path in sorted(project.rglob("*")):
        if path.suffix in PROJECT_FILES and path.is_file():
            digest.update(path.relative_to(project).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
