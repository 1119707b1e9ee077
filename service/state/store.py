"""The state store: connections, migrations, and the writes and reads that the service needs."""

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from service.state import tables

BUSY_SECONDS = 10
MIGRATIONS = Path(__file__).with_name("migrations")
# The revisions: who may come in, and what was done.
ACCESS = "access"
DECISIONS = "work"


class StateStoreError(Exception):
    """The state store cannot be used; the text says why and what to do."""


def now() -> datetime:
    """The present, as the store keeps it: naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def digest(secret: str) -> str:
    """What is kept of a secret. Secrets are 256 random bits, so a plain hash cannot be undone."""
    return sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits, safe in a header, a cookie and an address."""
    return secrets.token_urlsafe(32)


def _keep_write_ahead_log(cursor: Any) -> None:
    """Switch the journal of a new file; SQLite does not wait here when another process does too."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _prepare_sqlite(engine: sa.Engine) -> None:
    """Durable commits, readers beside a writer, and transactions that lock when they begin."""

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        # SQLAlchemy begins; the driver must not begin on its own, later.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_SECONDS * 1000}",
            "synchronous = full",
            "foreign_keys = on",
        ):
            cursor.execute(f"pragma {pragma}")
        _keep_write_ahead_log(cursor)
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("is_reader"):
            connection.exec_driver_sql("begin")
        else:
            # Locks at once: two writers wait for each other instead of failing half way.
            connection.exec_driver_sql("begin immediate")


class StateStore:
    """Connections to the store at `url` (SQLite or PostgreSQL)."""

    def __init__(self, url: str) -> None:
        """Prepare; nothing is opened yet.

        Raises StateStoreError for an address that is none or of another kind of database.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise StateStoreError(
                "CUSTOMER360_STATE_URL is no database address. Examples: "
                "sqlite:////var/lib/customer360/state.db, postgresql://user:password@host/name."
            ) from error
        backend = parsed.get_backend_name()
        if backend == "postgresql":
            self.engine = sa.create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                pool_size=4,
                connect_args={"connect_timeout": 5},
            )
        elif backend == "sqlite":
            if parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine = sa.create_engine(parsed)
            _prepare_sqlite(self.engine)
        else:
            raise StateStoreError(
                f"CUSTOMER360_STATE_URL names a {backend} database; use SQLite or PostgreSQL."
            )
        self.reader = self.engine.execution_options(is_reader=True)

    def migrate(self) -> None:
        """Bring the tables up to date.

        Raises StateStoreError where the database does not answer or refuses.
        """
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        try:
            with self.engine.begin() as connection:
                if self.engine.dialect.name == "postgresql":
                    # Two processes that start together must not migrate together.
                    connection.exec_driver_sql("select pg_advisory_xact_lock(360360)")
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except SQLAlchemyError as error:
            raise StateStoreError(
                f"The state store at {self.engine.url.render_as_string()} cannot be used: "
                f"{str(error.__cause__ or error).splitlines()[0]}. Check CUSTOMER360_STATE_URL "
                "and that its database runs."
            ) from error

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def write(self, revision: str) -> Iterator[sa.Connection]:
        """One transaction that also counts up a revision."""
        with self.engine.begin() as connection:
            # First, so that writers of PostgreSQL queue here and see each other's rows.
            connection.execute(
                sa.update(tables.revision)
                .where(tables.revision.c.name == revision)
                .values(value=tables.revision.c.value + 1)
            )
            yield connection

    def rows(self, statement: sa.Select[Any]) -> list[dict[str, Any]]:
        """Answer rows as dictionaries."""
        with self.reader.connect() as connection:
            # Keys come as SQLAlchemy's own kind of text.
            return [
                {str(key): value for key, value in row.items()}
                for row in connection.execute(statement).mappings()
            ]

    def revisions(self) -> dict[str, int]:
        """Both counters."""
        return {row["name"]: row["value"] for row in self.rows(sa.select(tables.revision))}


def audit(
    connection: sa.Connection,
    *,
    caller: str,
    operation: str,
    object_id: str,
    request_id: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Record a write in the transaction that makes it."""
    connection.execute(
        sa.insert(tables.audit_event).values(
            occurred_at=now(),
            request_id=request_id,
            caller=caller,
            operation=operation,
            object_id=object_id,
            detail=detail,
        )
    )
