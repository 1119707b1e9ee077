"""Where the data lie: bronze, builds, the state store, the sandbox org."""

import os
from pathlib import Path

VARIABLE = "CUSTOMER360_DATA"


def data_folder() -> Path:
    """Return the folder that CUSTOMER360_DATA names, `data` in the current folder by default."""
    return Path(os.environ.get(VARIABLE) or "data")
