"""Make an org: companies with a hidden state, and the records that follow from it.

The SQL lies in `generate/`, in the order in which it runs. It is set-based and every draw is a
hash of the row and the seed: the same (accounts, seed, today) gives the same org, and time
grows with the number of rows.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb

from extract.sandbox.catalogue import OBJECTS, create_table, fields_of

SQL = Path(__file__).with_name("generate")
STEPS = {
    "0_vocabulary.sql": "words",
    "1_company.sql": "companies and accounts",
    "2_life.sql": "who comes, goes and is merged",
    "3_customer.sql": "accounts and contacts",
    "4_service.sql": "contracts, services, opportunities",
    "5_activity.sql": "usage, cases, interactions",
    "6_invoice.sql": "invoices",
    "7_truth.sql": "the truth, for measuring",
}
SMALLEST, LARGEST = 20, 2_000_000


def generate(
    directory: Path,
    *,
    accounts: int,
    seed: int,
    today: date,
    origin: date | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, int]:
    """Write `org.duckdb` and `truth/` into `directory`; the rows of each object are returned.

    `origin` is the day for which the org was first made, when it is to be as it is at a later
    `today`. An org that is there already is replaced, once the new one is whole. `progress` is
    told the name of each step. Raises ValueError for a number of accounts out of range.
    """
    if not SMALLEST <= accounts <= LARGEST:
        raise ValueError(f"An org can have {SMALLEST:,} to {LARGEST:,} accounts, not {accounts:,}.")
    (directory / "truth").mkdir(parents=True, exist_ok=True)
    partial = directory / "org.duckdb.part"
    partial.unlink(missing_ok=True)
    connection = duckdb.connect(str(partial))
    now = min(datetime.now(UTC), datetime.combine(today + timedelta(days=1), time(), UTC))
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set variable accounts = {accounts}")
        connection.execute(f"set variable seed = {seed}")
        origin = origin or today
        connection.execute(f"set variable origin = date '{origin.isoformat()}'")
        connection.execute(f"set variable today = date '{today.isoformat()}'")
        # Stored times end at midnight for a past day, so that the clock never shows in them.
        end_of_day = datetime.combine(now.date(), time(), UTC) - timedelta(minutes=30)
        connection.execute(f"set variable now = timestamp '{end_of_day:%Y-%m-%d %H:%M:%S}'")
        for name in OBJECTS:
            connection.execute(create_table(name))
        for step, label in STEPS.items():
            progress(label)
            sql = (SQL / step).read_text(encoding="utf-8")
            connection.execute(sql.replace("{directory}", str(directory)))
        progress("system fields")
        for name in OBJECTS:
            connection.execute(_system_fields(name))
        connection.execute(
            'create table "_deleted" (object varchar, id varchar, deleted_at timestamptz)'
        )
        connection.execute(
            'create table "_origin" as select '
            "getvariable('accounts') as accounts, getvariable('seed') as seed, "
            "getvariable('origin') as origin, getvariable('today') as today"
        )
        rows = {
            name: int(connection.execute(f'select count(*) from "{name}"').fetchall()[0][0])
            for name in OBJECTS
        }
        connection.execute("checkpoint")
    finally:
        connection.close()
    partial.replace(directory / "org.duckdb")
    return rows


def _system_fields(name: str) -> str:
    """Fill what every record has: who made and changed it, and SystemModstamp."""
    stored = {field.name for field in fields_of(name) if field.sql_type}
    assignments = [
        '"LastModifiedDate" = greatest("LastModifiedDate", "CreatedDate")',
        '"SystemModstamp" = greatest("LastModifiedDate", "CreatedDate")',
    ]
    if "CreatedById" in stored:
        assignments += [
            f"\"{column}\" = '0055g0000000001AAA'" for column in ("CreatedById", "LastModifiedById")
        ]
    if "IsDeleted" in stored:
        assignments.append('"IsDeleted" = coalesce("IsDeleted", false)')
    return f'update "{name}" set {", ".join(assignments)}'
