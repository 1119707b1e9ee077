"""Account linking: quality and speed, next to plain similarity and Splink, which go by names alone.

Environment: `LINKING_ACCOUNTS` (sizes of the generated sets, default "10000 100000"),
`LINKING_SEED` (a number: other sets of the same kind are drawn; default 1), `LINKING_NAMES` (a CSV
file name,company_id of real names, optional), `LINKING_DATA` (the data folder of a pipeline run on
a sandbox org, optional: there links have parents, contacts, domains and registration numbers to go
by), `SPLINK_PYTHON` (a Python that has Splink, optional: Splink is no dependency of this project).
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psutil
import pyarrow as pa

from benchmarks._company_names import Account, Contact, evidence, generate

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ("manual_account_link", "free_mail_domain", "role_mailbox", "common_word")
PLAIN_THRESHOLD = 85

Known = tuple[list[Account], list[Contact]]


@dataclass(frozen=True)
class Cost:
    """What a command took. On a busy machine processor seconds say more than seconds."""

    seconds: float
    processor_seconds: float
    peak_megabytes: float


@dataclass(frozen=True)
class Result:
    """Quality of a method on a set: pairs found, and the figures of `measure`."""

    method: str
    accounts: int
    cost: Cost
    precision: float
    recall: float
    largest: int

    def row(self) -> str:
        """Return the row of the table."""
        both = self.precision + self.recall
        f1 = 2 * self.precision * self.recall / both if both else 0.0
        return (
            f"| {self.method} | {self.accounts:,} | {self.cost.seconds:.1f} "
            f"| {self.cost.processor_seconds:.1f} | {self.cost.peak_megabytes:,.0f} "
            f"| {self.precision:.3f} | {self.recall:.3f} | {f1:.3f} | {self.largest} |"
        )


def run(command: list[str], environment: dict[str, str]) -> Cost:
    """Run a command and say what it cost, its children included."""
    started, before = time.perf_counter(), os.times()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, env=os.environ | environment, cwd=ROOT, stdout=output, stderr=output
        )
        peak = 0.0

        def watch() -> None:
            nonlocal peak
            watched = psutil.Process(process.pid)
            while process.poll() is None:
                try:
                    family = [watched, *watched.children(recursive=True)]
                    peak = max(peak, sum(member.memory_info().rss for member in family) / 1e6)
                except psutil.NoSuchProcess:
                    return
                time.sleep(0.05)

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        watcher.join()
        if code:
            output.seek(0)
            sys.exit(f"{' '.join(command)} ended with {code}\n{output.read()[-3000:]}")
    after = os.times()
    processor = after.children_user + after.children_system
    processor -= before.children_user + before.children_system
    return Cost(time.perf_counter() - started, processor, peak)


def dbt(folder: Path, *arguments: str) -> Cost:
    """Run dbt on the warehouse file of the folder."""
    environment = {
        "CUSTOMER360_WAREHOUSE_FILE": str(folder / "warehouse.duckdb"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_PROFILES_DIR": str(ROOT),
        "DBT_PROJECT_DIR": str(ROOT / "warehouse"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    program = "from dbt.cli.main import cli; cli()"
    return run([sys.executable, "-c", program, *arguments], environment)


def prepare(
    folder: Path, names: list[str], company_ids: list[str], known: Known | None = None
) -> None:
    """Write the names as silver accounts of a new warehouse file, and the truth beside them.

    `known` is what the org knows beside the names: nothing, if it is not given.
    """
    accounts, contacts = known or ([Account(None, None, None, None)] * len(names), [])
    given = pa.table(
        {
            "position": range(len(names)),
            "account_name": names,
            "company_id": company_ids,
            **{
                field: pa.array((getattr(account, field) for account in accounts), kind)
                for field, kind in (
                    ("country_code", pa.string()),
                    ("registration_number", pa.string()),
                    ("web_domain", pa.string()),
                    ("parent", pa.int64()),
                )
            },
        }
    )
    people = pa.table(
        {
            "position": pa.array((contact.account for contact in contacts), pa.int64()),
            "email": pa.array((contact.email for contact in contacts), pa.string()),
            "phone": pa.array((contact.phone for contact in contacts), pa.string()),
        }
    )
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.register("given", given)
        connection.register("people", people)
        connection.execute(
            """
            create schema intermediate;
            create table intermediate.account_alias (
                account_id varchar, surviving_account_id varchar, merged_on date
            );
            create schema silver;
            create table silver.account as
            select
                printf('001%012dAAA', position + 1) as account_id,
                account_name,
                printf('001%012dAAA', parent + 1) as parent_account_id,
                country_code,
                country_code as region,
                registration_number,
                web_domain,
                timestamp '2020-01-01' as created_at,
                company_id
            from given;
            create table silver.contact as
            select
                printf('001%012dAAA', position + 1) as account_id,
                email,
                phone,
                null::varchar as mobile_phone
            from people;
            """
        )
        connection.execute(
            f"copy (select account_id, company_id from silver.account) "
            f"to '{folder / 'truth.parquet'}'"
        )


def link(folder: Path) -> Cost:
    """Run the linking models and write their links, masters and names beside the truth."""
    dbt(folder, "seed", "--select", *SEEDS)
    cost = dbt(folder, "run", "--select", "path:models/linking")
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        for name, query in (
            ("link", "select account_id_1, account_id_2 from intermediate.account_link"),
            (
                "master",
                (
                    "select account_id, master_account_id as cluster_id "
                    "from intermediate.master_member"
                ),
            ),
            ("name", "select account_id, strict_key, loose_key from intermediate.account_name"),
        ):
            connection.execute(f"copy ({query}) to '{folder / name}.parquet'")
    return cost


def print_links(label: str, folder: Path, cost: Cost) -> None:
    """Print the rows of the links and of the masters in a folder."""
    for method, file, clusters in (
        ("links", "link.parquet", False),
        ("masters", "master.parquet", True),
    ):
        truth = folder / "truth.parquet"
        print(
            measure(f"{method}{label}", cost, truth, folder / file, clusters=clusters).row(),
            flush=True,
        )


def measure(method: str, cost: Cost, truth: Path, links: Path, *, clusters: bool) -> Result:
    """Pairwise precision and recall of links, or of the clusters they make, and the largest."""
    with duckdb.connect() as connection:
        connection.execute(f"create table truth as from '{truth}'")
        connection.execute(f"create table link as from '{links}'")
        if clusters:
            connection.execute(
                """
                create table clustered as
                select truth.*, coalesce(link.cluster_id, truth.account_id) as cluster_id
                from truth left join link using (account_id)
                """
            )
            found, right = connection.execute(
                """
                select
                    (select sum(k * (k - 1) / 2) from (
                        select count(*) as k from clustered group by cluster_id)),
                    (select sum(k * (k - 1) / 2) from (
                        select count(*) as k from clustered group by cluster_id, company_id))
                """
            ).fetchall()[0]
            largest = connection.execute(
                "select max(k) from (select count(*) as k from clustered group by cluster_id)"
            ).fetchall()[0][0]
        else:
            found, right = connection.execute(
                """
                select count(*), count(*) filter (one.company_id = two.company_id)
                from link
                inner join truth as one on link.account_id_1 = one.account_id
                inner join truth as two on link.account_id_2 = two.account_id
                """
            ).fetchall()[0]
            largest = 0
        (true_pairs, accounts) = connection.execute(
            """
            select sum(k * (k - 1) / 2), sum(k)
            from (select count(*) as k from truth group by company_id)
            """
        ).fetchall()[0]
    return Result(
        method,
        int(accounts),
        cost,
        right / found if found else 0.0,
        right / true_pairs,
        largest,
    )


def published(data: Path) -> None:
    """Print how the links and masters of a pipeline run agree with the truth of its sandbox org."""
    with tempfile.TemporaryDirectory() as directory, duckdb.connect() as connection:
        truth, links, masters = (
            Path(directory, f"{name}.parquet") for name in ("truth", "link", "master")
        )
        connection.execute(f"attach '{data}/warehouse/current.duckdb' as run (read_only)")
        # Deleted accounts are in the truth, and not in silver.
        connection.execute(
            f"copy (select account_id, company_id from '{data}/sandbox/truth/account.parquet' "
            f"semi join run.silver.account using (account_id)) to '{truth}'"
        )
        connection.execute(
            f"copy (select account_id_1, account_id_2 from run.gold.account_link) to '{links}'"
        )
        connection.execute(
            "copy (select account_id, customer_id as cluster_id from run.gold.customer_account "
            f"where customer_kind = 'master') to '{masters}'"
        )
        print(f"\nSandbox org, with all evidence ({data})\n")
        print("| method | n | precision | recall | F1 | largest |")
        print("| --- | --- | --- | --- | --- | --- |")
        for label, file, clusters in (("links", links, False), ("masters", masters, True)):
            result = measure(label, Cost(0, 0, 0), truth, file, clusters=clusters)
            cells = result.row().split(" | ")
            print(" | ".join(cells[:2] + cells[5:]), flush=True)


def plain(folder: Path) -> Cost:
    """Link the same candidate pairs by token_sort_ratio alone; write links of accounts."""
    script = str(ROOT / "benchmarks" / "_plain_names.py")
    warehouse, target = folder / "warehouse.duckdb", folder / "plain.parquet"
    return run([sys.executable, script, str(warehouse), str(target), str(PLAIN_THRESHOLD)], {})


def compare(
    title: str, names: list[str], company_ids: list[str], known: Known | None = None
) -> None:
    """Print the rows of one set."""
    print(
        f"\n{title}\n\n| method | n | seconds | processor seconds | peak MB "
        "| precision | recall | F1 | largest |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    if known:
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)
            prepare(folder, names, company_ids, known)
            print_links(", with contacts and all other evidence", folder, link(folder))
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        truth = folder / "truth.parquet"
        prepare(folder, names, company_ids)
        print_links("", folder, link(folder))
        with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
            pairs, lost = connection.execute(
                f"""
                with named as (
                    select account_id, name.name_id, company_id
                    from intermediate.account_name as account
                    inner join intermediate.company_name as name using (loose_key)
                    inner join '{truth}' using (account_id)
                ),

                true_pair as (
                    select distinct
                        least(one.name_id, two.name_id) as name_id_1,
                        greatest(one.name_id, two.name_id) as name_id_2
                    from named as one
                    inner join named as two
                        on one.company_id = two.company_id and one.name_id < two.name_id
                )

                select
                    (select count(*) from intermediate.name_pair),
                    avg((pair.name_id_1 is null)::int)
                from true_pair
                left join intermediate.name_pair as pair using (name_id_1, name_id_2)
                """
            ).fetchall()[0]
        cost = plain(folder)
        label = f"token_sort_ratio >= {PLAIN_THRESHOLD}, same candidates"
        result = measure(label, cost, truth, folder / "plain.parquet", clusters=False)
        print(result.row(), flush=True)
        splink = os.environ.get("SPLINK_PYTHON")
        if splink:
            script = str(ROOT / "benchmarks" / "_splink_names.py")
            scored = folder / "splink.parquet"
            cost = run([splink, script, str(folder / "name.parquet"), str(scored)], {})
            best = max(
                (
                    _splink_at(threshold, cost, truth, scored)
                    for threshold in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)
                ),
                key=lambda result: (
                    2 * result.precision * result.recall / (result.precision + result.recall + 1e-9)
                ),
            )
            print(best.row(), flush=True)
        print(
            f"\n{pairs:,} pairs of names compared; {lost:.1%} of the true ones are not among them."
        )


def _splink_at(threshold: float, cost: Cost, truth: Path, scored: Path) -> Result:
    links = scored.with_name("splink_links.parquet")
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (from '{scored}' where match_probability >= {threshold}) to '{links}'"
        )
    return measure(f"Splink, best level ({threshold})", cost, truth, links, clusters=False)


def main() -> None:
    """Print one table for each set."""
    for size in os.environ.get("LINKING_ACCOUNTS", "10000 100000").split():
        names, company_ids = generate(int(size), int(os.environ.get("LINKING_SEED", "1")))
        known = evidence(company_ids)
        compare(
            f"Generated names, {int(size):,} accounts", names, list(map(str, company_ids)), known
        )
    data = os.environ.get("LINKING_DATA")
    if data:
        published(Path(data))
    path = os.environ.get("LINKING_NAMES")
    if path:
        with duckdb.connect() as connection:
            rows = connection.execute(
                "select name, company_id from read_csv(?, all_varchar = true)", [path]
            ).fetchall()
        compare(
            f"Real names ({Path(path).name})", [row[0] for row in rows], [row[1] for row in rows]
        )
