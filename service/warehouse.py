"""The published warehouse: found, opened read only, swapped when another build is published.

DuckDB keeps one instance per path in a process, so reopening `current.duckdb` would give the old
build: the resolved path of the build is opened instead. A request holds the build that it started
with until it has been answered; a build that nobody holds any more is closed.
"""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import msgspec
import structlog

from service.aliases import Aliases, FormerId
from service.problems import Problem
from service.settings import Settings
from service.statements import SQL, VISIBILITY

POLL_SECONDS = 0.25
INTERRUPT_AGAIN_SECONDS = 0.05

Row = TypeVar("Row", bound=msgspec.Struct)
Result = TypeVar("Result")
log = structlog.get_logger()


class UnreadableWarehouseError(Exception):
    """A published file that this service cannot serve; the text says why and what to do."""


def _plain(value: Any) -> Any:
    """A value as the API tells it: decimals as numbers, timestamps in UTC."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


class Reader:
    """Queries of one request, on one thread, against one build."""

    def __init__(self, snapshot: "Snapshot", cursor: duckdb.DuckDBPyConnection) -> None:
        self.snapshot = snapshot
        self.cursor = cursor

    def execute(self, name: str, /, **parameters: Any) -> duckdb.DuckDBPyConnection:
        """Run `sql/<name>.sql`; parameters that the statement does not name are left out."""
        return self.execute_text(SQL[name], **parameters)

    def execute_text(self, statement: str, /, **parameters: Any) -> duckdb.DuckDBPyConnection:
        """Run a statement."""
        used = {key: value for key, value in parameters.items() if f"${key}" in statement}
        return self.cursor.execute(statement, used)

    def rows(self, name: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Answer rows as dictionaries."""
        return self._dictionaries(self.execute(name, **parameters))

    def text_rows(self, statement: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Answer rows of a composed statement as dictionaries."""
        return self._dictionaries(self.execute_text(statement, **parameters))

    def records(self, schema: type[Row], name: str, /, **parameters: Any) -> list[Row]:
        """Answer rows as Structs; columns that the Struct does not name are left out."""
        return msgspec.convert(self.rows(name, **parameters), list[schema])  # type: ignore[valid-type]

    def value(self, name: str, /, **parameters: Any) -> Any:
        """The first column of the first row, None without rows."""
        row = self.execute(name, **parameters).fetchone()
        return None if row is None else _plain(row[0])

    @staticmethod
    def all_rows(cursor: duckdb.DuckDBPyConnection) -> list[list[Any]]:
        """What a statement answers, as lists."""
        return [[_plain(value) for value in row] for row in cursor.fetchall()]

    @classmethod
    def _dictionaries(cls, cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cls.all_rows(cursor)]
        # Sums of money are told to the cent: the rest is noise of binary fractions.
        for name in (name for name in names if name.endswith("_usd")):
            for row in rows:
                if isinstance(row[name], float):
                    row[name] = round(row[name], 2)
        return rows


@dataclass(eq=False)
class Snapshot:
    """One open build. Counted by the event loop only, so the count needs no lock."""

    path: Path
    build_id: str
    as_of: date
    previous_as_of: date | None
    published_at: datetime
    connection: duckdb.DuckDBPyConnection
    previous_build_as_of: date | None
    aliases: Aliases
    holders: int = 0
    is_retired: bool = False
    local: threading.local = field(default_factory=threading.local, repr=False)
    cursors: list[duckdb.DuckDBPyConnection] = field(default_factory=list, repr=False)

    def reader(self) -> Reader:
        """A reader for the calling thread."""
        cursor = getattr(self.local, "cursor", None)
        if cursor is None:
            cursor = self.connection.cursor()
            cursor.execute("use warehouse")
            self.local.cursor = cursor
            self.cursors.append(cursor)
        return Reader(self, cursor)

    def own_reader(self) -> Reader:
        """A reader whose cursor nobody else uses; whoever asks for it closes the cursor."""
        cursor = self.connection.cursor()
        cursor.execute("use warehouse")
        return Reader(self, cursor)

    def close(self) -> None:
        """Close the file; nobody may be reading."""
        for cursor in self.cursors:
            cursor.close()
        self.cursors.clear()
        self.connection.close()


def _attach(
    connection: duckdb.DuckDBPyConnection, path: Path, alias: str, encryption_key: str | None
) -> None:
    options = "read_only"
    if encryption_key:
        options += f", encryption_key '{encryption_key.replace(chr(39), chr(39) * 2)}'"
    connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as {alias} ({options})")


def open_snapshot(path: Path, encryption_key: str | None = None) -> Snapshot:
    """Open a published build, and the build before it where it is still there.

    Raises UnreadableWarehouseError where the file is not one that this service can serve.
    """
    connection = duckdb.connect(":memory:")
    try:
        if encryption_key:
            with suppress(ImportError, duckdb.Error):
                from duckdb_extensions import import_extension  # noqa: PLC0415 - optional

                import_extension("httpfs")
                connection.execute("load httpfs")
        _attach(connection, path, "warehouse", encryption_key)
        connection.execute("use warehouse")
        connection.execute("set global TimeZone = 'UTC'")
        # Otherwise the planner reads the table twice for `order by ... limit` (DuckDB 1.5).
        # Global: cursors do not inherit what a connection sets for itself.
        connection.execute("set global late_materialization_max_rows = 0")
        connection.execute(VISIBILITY)
        facts = connection.execute(SQL["facts"]).fetchone()
        run = connection.execute(SQL["run"], {"build_id": path.stem}).fetchone()
        aliases = _read_aliases(connection)
        previous_build_as_of = _attach_previous(
            connection, path, run[1] if run else None, encryption_key
        )
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
    except duckdb.Error as error:
        connection.close()
        reason = str(error).splitlines()[0].rstrip(".")
        advice = (
            "Set CUSTOMER360_ENCRYPTION_KEY to the key that it was written with."
            if re.search(r"encrypt|\bkey\b", reason, re.IGNORECASE)
            else "Build it again with `python -m warehouse build`."
        )
        raise UnreadableWarehouseError(f"{path} cannot be served: {reason}. {advice}") from error
    if facts is None or facts[0] is None:
        connection.close()
        raise UnreadableWarehouseError(f"{path} holds no scored customers. Build it again.")
    published_at = run[0] if run and run[0] else datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Snapshot(
        path=path,
        build_id=path.stem,
        as_of=facts[0],
        previous_as_of=facts[1],
        published_at=_plain(published_at),
        connection=connection,
        previous_build_as_of=previous_build_as_of,
        aliases=aliases,
    )


def _read_aliases(connection: duckdb.DuckDBPyConnection) -> Aliases:
    """The ids that have ended; none in a build that is older than the table of them."""
    try:
        rows = connection.execute(SQL["aliases"]).fetchall()
    except duckdb.CatalogException:
        return Aliases()
    codes = connection.execute(SQL["rule_codes"]).fetchall()
    return Aliases.of((FormerId(*row) for row in rows), (code for (code,) in codes))


def _attach_previous(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    previous_build_id: str | None,
    encryption_key: str | None,
) -> date | None:
    """Attach the build before as `previous` and return its day; None where there is none."""
    if not previous_build_id:
        return None
    previous = path.with_name(f"{previous_build_id}.duckdb")
    if previous == path or not previous.exists():
        return None
    try:
        _attach(connection, previous, "previous", encryption_key)
        row = connection.execute(SQL["previous_facts"]).fetchone()
    except duckdb.Error as error:
        log.info("previous build cannot be compared with", path=str(previous), error=str(error))
        return None
    return row[0] if row else None


class Warehouse:
    """The build that is served now, and the threads that read it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.current: Snapshot | None = None
        self.problem: str | None = None
        self.executor = ThreadPoolExecutor(settings.query_threads, thread_name_prefix="query")
        self._refused: Path | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open what is published and watch for the next build."""
        await self.refresh()
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Stop watching and close."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self.executor.shutdown(wait=True)
        if self.current:
            self.current.close()
            self.current = None

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self.refresh()
            except Exception:
                log.exception("watching the published warehouse failed")

    async def refresh(self) -> None:
        """Swap to the published build when it is another one than the open one."""
        try:
            path = self.settings.current.resolve(strict=True)
        except OSError:
            return  # Nothing published, or between two steps of a publish: keep what is open.
        if (self.current and path == self.current.path) or path == self._refused:
            return
        loop = asyncio.get_running_loop()
        try:
            snapshot = await loop.run_in_executor(
                None, open_snapshot, path, self.settings.encryption_key
            )
        except (UnreadableWarehouseError, OSError) as error:
            self.problem, self._refused = str(error), path
            log.warning("published build is not served", path=str(path), reason=str(error))
            return
        self.problem, self._refused = None, None
        old, self.current = self.current, snapshot
        log.info("serving build", build_id=snapshot.build_id, as_of=str(snapshot.as_of))
        if old:
            old.is_retired = True
            self._close_if_unused(old)

    def _close_if_unused(self, snapshot: Snapshot) -> None:
        if snapshot.is_retired and snapshot.holders == 0:
            snapshot.close()
            log.info("closed build", build_id=snapshot.build_id)

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Snapshot | None]:
        """The current build, kept open until the block ends."""
        snapshot = self.current
        if snapshot is None:
            yield None
            return
        snapshot.holders += 1
        try:
            yield snapshot
        finally:
            snapshot.holders -= 1
            self._close_if_unused(snapshot)

    async def read(self, snapshot: Snapshot, work: Callable[[Reader], Result]) -> Result:
        """Run `work` on a query thread, interrupted when it takes too long.

        DuckDB has no statement timeout; an interrupt that comes before the statement starts is
        lost, so it is sent until the work ends.

        Raises Problem (503) when the time is up.
        """
        loop = asyncio.get_running_loop()
        running: list[Reader] = []

        def call() -> Result:
            reader = snapshot.reader()
            running.append(reader)
            try:
                return work(reader)
            finally:
                running.clear()

        future = loop.run_in_executor(self.executor, call)
        # A caller that goes away must not free the build under a running query.
        snapshot.holders += 1
        future.add_done_callback(lambda _: self._release(snapshot))
        waited = 0.0
        while True:
            done, _ = await asyncio.wait(
                [future],
                timeout=self.settings.query_seconds if not waited else INTERRUPT_AGAIN_SECONDS,
            )
            if done:
                break
            waited = self.settings.query_seconds
            for reader in tuple(running):
                reader.cursor.interrupt()
        try:
            return future.result()
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            # After a rollback beyond an upgrade, say: a table or a column is not there yet.
            if isinstance(error, duckdb.BinderException) and "not found in FROM" not in str(error):
                raise
            log.warning("build is too old", build_id=snapshot.build_id, reason=str(error))
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "The published build is older than this service and lacks what this "
                "answer needs. Build again with `python -m warehouse build`.",
            ) from error
        except duckdb.InterruptException:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"The answer took longer than {self.settings.query_seconds:g} seconds and was "
                "stopped. Ask for less, or try again when the server is less busy.",
                headers={"Retry-After": "5"},
            ) from None

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run work on a query thread, as long as it takes."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, work)

    def _release(self, snapshot: Snapshot) -> None:
        snapshot.holders -= 1
        self._close_if_unused(snapshot)
