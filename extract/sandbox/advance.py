"""Let an org live on: what a later day adds and changes is applied to the org that is there."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from extract.sandbox.catalogue import OBJECTS, fields_of
from extract.sandbox.generator import generate

LONGEST = timedelta(days=400)
STAMPS = ("CreatedDate", "LastModifiedDate", "SystemModstamp")


def advance(directory: Path, *, days: int | None, until: date) -> dict[str, tuple[int, int]]:
    """Take the org in `directory` forward by `days`, or to `until`, the last possible day.

    The org is generated as it was and as it will be, and only the difference is written, so
    that records made or changed by others stay. Every row that is new or changed carries this
    moment as its SystemModstamp, because only that shows to an extractor; formulas change
    without it. Returned are the rows added and changed of each object that has any. Raises
    ValueError when there is no org, no day to go to, or the org is being served.
    """
    path = directory / "org.duckdb"
    if not path.exists():
        raise ValueError(f"There is no org in {directory}: generate one first.")
    try:
        connection = duckdb.connect(str(path))
    except duckdb.IOException:
        raise ValueError(f"The org in {directory} is being served: stop that first.") from None
    with connection, tempfile.TemporaryDirectory(dir=directory) as scratch:
        accounts, seed, origin, today = connection.execute('from "_origin"').fetchall()[0]
        to = until if days is None else today + timedelta(days=days)
        if not today < to <= until:
            raise ValueError(f"The org has reached {today}; it can go on to {until} at most.")
        if to - origin > LONGEST:
            raise ValueError(f"An org lives for {LONGEST.days} days: generate a new one.")
        for name, day in (("before", today), ("after", to)):
            generate(Path(scratch, name), accounts=accounts, seed=seed, today=day, origin=origin)
            connection.execute(
                f"attach '{Path(scratch, name, 'org.duckdb')}' as {name} (read_only)"
            )
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set variable moment = ?", [datetime.now(UTC)])
        changes = {}
        connection.execute("begin")
        for name in OBJECTS:
            added_and_changed = _merge(connection, name)
            if any(added_and_changed):
                changes[name] = added_and_changed
        connection.execute('update "_origin" set today = ?', [to])
        connection.execute("commit")
        for name in ("before", "after"):
            connection.execute(f"detach {name}")
        for truth in Path(scratch, "after", "truth").iterdir():
            truth.replace(directory / "truth" / truth.name)
    return changes


def _merge(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[int, int]:
    """Apply the difference of one object; the rows added and changed are returned."""
    present = {row[0] for row in connection.execute(f'describe "{name}"').fetchall()}
    stored = [field for field in fields_of(name) if field.sql_type and field.name in present]
    calculated = [field.name for field in stored if field.describe["calculated"]]
    plain = [field.name for field in stored if field.name not in {*STAMPS, *calculated, "Id"}]
    added = connection.execute(
        f"""
        insert into "{name}" by name
        select {_list("a", [field.name for field in stored if field.name not in STAMPS[1:]])},
            getvariable('moment') as "LastModifiedDate", getvariable('moment') as "SystemModstamp"
        from after."{name}" as a
        anti join before."{name}" as b on a."Id" = b."Id"
        """
    ).fetchall()[0][0]
    changed = connection.execute(
        f"""
        update "{name}" as o
        set {_assignments(plain)}, "LastModifiedDate" = getvariable('moment'),
            "SystemModstamp" = getvariable('moment')
        from after."{name}" as a
        inner join before."{name}" as b on a."Id" = b."Id"
        where o."Id" = a."Id" and ({_list("a", plain)}) is distinct from ({_list("b", plain)})
        """
    ).fetchall()[0][0]
    if calculated:
        connection.execute(
            f'update "{name}" as o set {_assignments(calculated)} from after."{name}" as a '
            f'where o."Id" = a."Id"'
        )
    return int(added), int(changed)


def _list(alias: str, names: list[str]) -> str:
    return ", ".join(f'{alias}."{name}"' for name in names)


def _assignments(names: list[str]) -> str:
    return ", ".join(f'"{name}" = a."{name}"' for name in names)
