"""What was published stays, equals a rebuild, and can be replayed, over two real extractions."""

import json
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.dbt import run_dbt

ROOT = Path(__file__).resolve().parents[3]
# Beside the history of scores: what reads gold, tells of the run itself, or takes long.
OUTSIDE = ["models/serving", "models/ops", "models/quality", "int_backtest_bin+"]
DAYS_LATER = 31


def build(data: Path, *arguments: str, published: Path | None = None) -> None:
    """Run dbt on a data folder, without tests; always into `built.duckdb`, so it parses once."""
    completed = run_dbt(
        *("build", "--exclude-resource-type", "test", "unit_test"),
        *(*arguments, "--exclude", *OUTSIDE),
        file=data / "built.duckdb",
        folder=data,
        CUSTOMER360_DATA=str(data),
        CUSTOMER360_PUBLISHED_FILE=str(published) if published else "",
    )
    if completed.returncode:
        pytest.fail(f"{completed.stdout[-4000:]}\n{completed.stderr[-4000:]}")


def add_version(data: Path, name: str, moment: datetime, query: str) -> int:
    """Add an extraction of one object: `query` selects from `newest`, its newest file's rows."""
    bronze = data / "bronze"
    manifest = json.loads((bronze / "manifest.json").read_text(encoding="utf-8"))
    files = manifest["objects"][name]["files"]
    source = str(bronze / files[0]["path"])
    path = f"{name.lower()}/bronze_{name.lower()}_{moment:%Y%m%dT%H%M%S}000000000Z.parquet"
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("create view newest as select * from read_parquet('" + source + "')")
        rows = connection.execute(
            f"copy (select * replace (timestamptz '{moment.isoformat()}' as _extracted_at, "
            f"timestamptz '{moment.isoformat()}' as SystemModstamp) from ({query})) "
            f"to '{bronze / path}' (format parquet)"
        ).fetchall()[0][0]
    text = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    files.append(files[0] | {"path": path, "rows": rows, "extracted_at": text})
    manifest["runs"].append(manifest["runs"][-1] | {"status": "complete", "finished_at": text})
    (bronze / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return int(rows)


@dataclass(frozen=True)
class Builds:
    """The files of three builds, the day of the first, and whom a late change is about."""

    published: Path
    incremental: Path
    rebuilt: Path
    replayed: Path
    first_day: date
    restated_account: str
    linked_account: str


@pytest.fixture(scope="module")
def builds(pristine_data_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """Build after a second extraction, with history kept and anew, and the first day again."""
    data = tmp_path_factory.mktemp("history")
    shutil.copytree(pristine_data_directory / "bronze", data / "bronze")
    published = (pristine_data_directory / "warehouse" / "current.duckdb").resolve()
    with duckdb.connect(str(published), read_only=True) as connection:
        first_day = connection.execute(
            "select as_of from gold.scored_date where is_current"
        ).fetchall()[0][0]
        # A case whose priority counts in the 90 days of a month end that was published.
        case_id, account_id = connection.execute(
            """
            select case_id, account_id from silver.case
            where
                priority = 'Low'
                and cast(created_at as date)
                between last_day(?::date - interval 2 month) - 80
                and last_day(?::date - interval 2 month)
            order by case_id limit 1
            """,
            [first_day, first_day],
        ).fetchall()[0]
        # Two accounts that belong to no master yet, and will.
        parent_id, child_id = connection.execute(
            """
            select min(customer_id), max(customer_id) from (
                select customer_id from gold.customer_360_current
                inner join gold.customer using (customer_id)
                inner join silver.account on customer_id = account_id
                where is_top_level and customer_kind = 'account' and mrr_usd > 0
                and registration_number is null
                order by customer_id limit 2
            )
            """
        ).fetchall()[0]
    moment = datetime.combine(first_day + timedelta(days=DAYS_LATER), datetime.min.time(), UTC)
    assert (
        add_version(
            data,
            "Account",
            moment,
            f"select * replace ('{parent_id}' as ParentId, "
            f"(select Name from newest where Id = '{parent_id}') as Name) "
            f"from newest where Id = '{child_id}'",
        )
        == 1
    )
    # Corrected afterwards, which restates the past; a case that is new; an invoice that was paid.
    late = f"timestamptz '{(moment - timedelta(days=9)).isoformat()}'"
    assert (
        add_version(
            data,
            "Case",
            moment,
            f"select * replace ('Critical' as Priority) from newest where Id = '{case_id}' "
            f"union all (select * replace ('500C360NEWCASE0AAA' as Id, {late} as CreatedDate, "
            f"false as IsClosed, null as ClosedDate) from newest order by Id limit 1)",
        )
        == 2
    )
    assert add_version(
        data,
        "Invoice__c",
        moment,
        f"select * replace (cast({late} as date) as Paid_Date__c) from newest "
        "where Paid_Date__c is null and not IsDeleted",
    )
    files = {}
    build(data, published=published)
    files["incremental"] = (data / "built.duckdb").rename(data / "incremental.duckdb")
    shutil.copy(files["incremental"], data / "built.duckdb")
    # Silver and what is beside it are the same: only what depends on the scored dates is rebuilt.
    build(data, "--full-refresh", "--select", "int_published_date+")
    files["rebuilt"] = (data / "built.duckdb").rename(data / "rebuilt.duckdb")
    build(data, "--vars", f"as_of: {first_day}")
    files["replayed"] = (data / "built.duckdb").rename(data / "replayed.duckdb")
    return Builds(
        published,
        **files,
        first_day=first_day,
        restated_account=account_id,
        linked_account=child_id,
    )


class Comparison:
    """Two warehouse files side by side, `one` and `other`."""

    def __init__(self, one: Path, other: Path) -> None:
        """Attach both, read only."""
        self.connection = duckdb.connect()
        for name, path in (("one", one), ("other", other)):
            self.connection.execute(f"attach '{path}' as {name} (read_only)")

    def tables(self) -> list[str]:
        """Return the gold tables that `one` and `other` have both."""
        found = self.connection.execute(
            """
            select table_name from duckdb_tables() where schema_name = 'gold'
            group by table_name having count(*) = 2 order by table_name
            """
        ).fetchall()
        return [name for (name,) in found]

    def differing(self, table: str, where: str = "true", without: Collection[str] = ()) -> int:
        """Return how many rows of a table are in one file only, some columns being no difference.

        Whether a date was kept is never one.
        """
        left_out = ", ".join(f"'{name}'" for name in ("is_kept", *without))
        columns = f"columns(name -> name not in ({left_out}))"
        one, other = (
            f"select {columns} from {name}.gold.{table} where {where}" for name in ("one", "other")
        )
        query = f"({one} except all {other}) union all ({other} except all {one})"
        return int(self.connection.execute(f"select count(*) from ({query})").fetchall()[0][0])

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(query).fetchall()


@pytest.fixture
def kept_and_rebuilt(builds: Builds) -> Iterator[Comparison]:
    comparison = Comparison(builds.incremental, builds.rebuilt)
    yield comparison
    comparison.connection.close()


def test_kept_history_equals_a_rebuild_where_nothing_was_restated(
    builds: Builds, kept_and_rebuilt: Comparison
) -> None:
    kept = kept_and_rebuilt.rows("select count(*) from one.gold.scored_date where is_kept")[0][0]
    assert isinstance(kept, int)
    assert kept >= 22, "of 24 month ends one or two have passed since"
    assert kept_and_rebuilt.rows("select count(*) from other.gold.scored_date where is_kept") == [
        (0,)
    ]
    restated = (
        "customer_id in (select customer_id from one.gold.customer_account "
        f"where account_id in ('{builds.restated_account}', '{builds.linked_account}'))"
    )
    # What depends on how many customers of a level left, among whom the restated ones are.
    followers_of_the_backtest = {
        "clv_predicted_usd",
        "expected_loss_usd",
        "stake_usd",
        "customer_stake_usd",
        "is_small",
    }
    differing = {}
    for table in kept_and_rebuilt.tables():
        columns = {name for (name, *_) in kept_and_rebuilt.rows(f"describe one.gold.{table}")}
        keyed = "customer_id" in columns and "as_of" in columns
        count = kept_and_rebuilt.differing(
            table, f"not ({restated})" if keyed else "true", followers_of_the_backtest
        )
        if count:
            differing[table] = count
    # The means of a summary follow the scores of its customers, a calibration those who count.
    followers = {"portfolio_summary", "customer_timeline", "churn_calibration", "churn_backtest"}
    assert set(differing) <= followers, differing


def test_what_was_published_stays_although_a_record_was_corrected(
    builds: Builds, kept_and_rebuilt: Comparison
) -> None:
    changed = kept_and_rebuilt.rows(
        "select distinct one.customer_id, one.as_of from one.gold.health_score as one "
        "inner join other.gold.health_score as other using (customer_id, as_of) "
        "where one.health_score <> other.health_score"
    )
    days = {day for _, day in changed}
    assert days, "the correction changes the month ends that a rebuild scores anew"
    assert all(day < builds.first_day for day in days if isinstance(day, date))
    before = Comparison(builds.published, builds.incremental)
    shared = "as_of in (select as_of from other.gold.scored_date where is_kept)"
    for table in ("customer_360_metrics", "health_score", "churn_risk", "score_contribution"):
        assert before.differing(table, shared) == 0, table


def test_a_new_master_changes_no_past_total(builds: Builds) -> None:
    after = Comparison(builds.published, builds.incremental)
    master = after.rows(
        "select customer_id from other.gold.customer_account "
        f"where account_id = '{builds.linked_account}' and customer_kind = 'master'"
    )
    assert master, "the second extraction names the two accounts alike"
    shared = "as_of in (select as_of from other.gold.scored_date where is_kept)"
    assert after.differing("portfolio_summary", shared) == 0
    new = after.rows(
        "select sum(new_usd), sum(closing_usd) from other.gold.revenue_movement "
        f"where customer_id = '{master[0][0]}'"
    )
    accounts = after.rows(
        "select sum(new_usd), sum(closing_usd) from other.gold.revenue_movement "
        "inner join other.gold.customer_account as bridge "
        "on revenue_movement.customer_id = bridge.account_id "
        f"where bridge.customer_id = '{master[0][0]}'"
    )
    assert new == accounts, "what its accounts had is nothing new"


def test_a_replay_gives_what_was_published(builds: Builds) -> None:
    comparison = Comparison(builds.published, builds.replayed)
    tables = [name for name in comparison.tables() if not name.startswith("serving_")]
    assert {"customer_360_metrics", "risk_alerts", "recommendations"} <= set(tables)
    assert {name: count for name in tables if (count := comparison.differing(name))} == {}
