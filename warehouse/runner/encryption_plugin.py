"""Hands the encryption key to every DuckDB connection that dbt opens."""

import os
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from warehouse.runner.encryption import ATTACH_VARIABLE, attach, encryption_key, prepare


class Plugin(BasePlugin):
    """dbt-duckdb finds the class by this name."""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Add the key to the databases that dbt is going to attach."""
        del config
        key = encryption_key()
        for attachment in creds.attach or [] if key else []:
            attachment.options = {**(attachment.options or {}), "encryption_key": key}

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Prepare the connection before dbt attaches databases to it."""
        prepare(conn)
        published = os.environ.get(ATTACH_VARIABLE)
        if published:
            attach(conn, Path(published), "published", read_only=True)
