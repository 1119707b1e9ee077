"""Encryption at rest: one key from the environment, used by DuckDB's own encryption."""

from pathlib import Path

import duckdb

from common.encryption import KEY_VARIABLE, EncryptionKeyError, encryption_key_text
from warehouse.runner.errors import WarehouseError

# Names the published build for dbt, when it takes the key to open it.
ATTACH_VARIABLE = "CUSTOMER360_ATTACH_PUBLISHED"
# The name under which DuckDB keeps the key that encrypted Parquet files refer to.
PARQUET_KEY_NAME = "customer360"


def encryption_key() -> str | None:
    """Return the key as base64 text, None when nothing is to be encrypted.

    Raises:
        WarehouseError: the variable is set to something that is not a key.
    """
    try:
        return encryption_key_text()
    except EncryptionKeyError as error:
        raise WarehouseError(str(error)) from error


def load_httpfs(connection: duckdb.DuckDBPyConnection) -> None:
    """Load DuckDB's httpfs extension from the Python packages; nothing is downloaded.

    It speaks S3, and it brings OpenSSL, without which DuckDB does not write encrypted files.

    Raises:
        WarehouseError: the extension is not installed for this DuckDB.
    """
    try:
        from duckdb_extensions import import_extension  # noqa: PLC0415 -- optional at run time

        import_extension("httpfs", con=connection)
        connection.execute("load httpfs")
    except (ImportError, duckdb.Error) as error:
        raise WarehouseError(
            f"DuckDB {duckdb.__version__} has no httpfs extension here, which object storage and "
            "encryption need: pip install duckdb-extensions duckdb-extension-httpfs"
        ) from error


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Let a connection read and write encrypted files, when there is a key.

    Raises:
        WarehouseError: the key is none, or the extension is missing.
    """
    key = encryption_key()
    if key:
        load_httpfs(connection)
        connection.execute(f"pragma add_parquet_key('{PARQUET_KEY_NAME}', '{key}')")
        connection.execute("set temp_file_encryption = true")


def attach(
    connection: duckdb.DuckDBPyConnection, path: Path, catalog: str, *, read_only: bool
) -> None:
    """Attach a warehouse file under a name, with the key if it is encrypted.

    Files from before the key was set are not encrypted and stay readable.

    Raises:
        WarehouseError: the file is encrypted and the key is missing or another one.
    """
    literal = str(path).replace("'", "''")
    mode = "read_only" if read_only else "read_write"
    key = encryption_key()
    try:
        if key:
            try:
                statement = f"attach '{literal}' as {catalog} ({mode}, encryption_key '{key}')"
                connection.execute(statement)
            except duckdb.CatalogException:
                connection.execute(f"attach '{literal}' as {catalog} ({mode})")
        else:
            connection.execute(f"attach '{literal}' as {catalog} ({mode})")
    except (duckdb.CatalogException, duckdb.InvalidInputException) as error:
        if "key" not in str(error):
            raise
        problem = "encrypted with another key" if key else "encrypted"
        raise WarehouseError(
            f"{path} is {problem}: set {KEY_VARIABLE} to the key it was written with."
        ) from None


def connect(path: Path, catalog: str, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Return a connection whose current catalog is the given warehouse file.

    Raises:
        WarehouseError: as `attach`.
    """
    connection = duckdb.connect()
    try:
        prepare(connection)
        attach(connection, path, catalog, read_only=read_only)
        connection.execute(f"use {catalog}")
    except BaseException:
        connection.close()
        raise
    return connection
