"""dbt, called by tests as the pipeline calls it: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_dbt(
    *arguments: str, file: Path, folder: Path, project: Path | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run dbt on a project (ours, unless one is given) into a warehouse file; never raises.

    `folder` takes the folders `target` and `logs`; `settings` are further environment variables.
    """
    environment = os.environ | {
        "CUSTOMER360_WAREHOUSE_FILE": str(file),
        "DBT_PROFILES_DIR": str(ROOT),
        "DBT_PROJECT_DIR": str(project or ROOT / "warehouse"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        **settings,
    }
    return subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
