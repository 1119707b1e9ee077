"""The environment in which dbt runs: where the project, the data and its outputs are."""

import os
from pathlib import Path

from warehouse.folder import PROJECT_ROOT, DataFolder


def dbt_environment(folder: DataFolder, warehouse_file: Path) -> dict[str, str]:
    """Return the environment in which dbt finds the project and writes to the right places."""
    return os.environ | {
        "CUSTOMER360_DATA": str(folder.root),
        "CUSTOMER360_WAREHOUSE_FILE": str(warehouse_file),
        "DBT_PROJECT_DIR": os.environ.get("DBT_PROJECT_DIR") or str(PROJECT_ROOT / "warehouse"),
        "DBT_PROFILES_DIR": os.environ.get("DBT_PROFILES_DIR") or str(PROJECT_ROOT),
        "DBT_TARGET_PATH": str(folder.dbt / "target"),
        "DBT_LOG_PATH": str(folder.dbt / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONUNBUFFERED": "1",
    }
