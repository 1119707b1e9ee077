"""Open DuckDB's own shell on the published warehouse, read only."""

import os
import shutil
import sys
from pathlib import Path

from common.encryption import KEY_VARIABLE
from warehouse.runner.encryption import encryption_key
from warehouse.runner.errors import WarehouseError
from warehouse.runner.folder import DataFolder

# Each question is answered by one statement that a beginner can change.
EXAMPLES = {
    "Which customers need attention first?": """\
select customer_name, health_score, churn_risk_score, mrr_usd
from gold.customer_360_current join gold.customer using (customer_id)
where is_top_level and churn_risk_level = 'HIGH' order by mrr_usd desc limit 10;
""",
    "Why is a customer's health what it is?": """\
select component, measure, value, points, weight, contribution, driver
from gold.score_contribution
where score = 'health_score'
    and as_of = (select max(as_of) from gold.score_contribution)
    and customer_id = (
        select customer_id from gold.customer_360_current
        order by health_score nulls last, customer_id limit 1
    )
order by contribution;
""",
    "How did the last runs go?": """\
select build_id, status, as_of, customers, alerts, seconds
from ops.pipeline_run order by build_id desc limit 10;
""",
}
WELCOME = """\
customer360, read only: {path}

  gold.customer               one row per account and per master account
  gold.customer_360_current   their metrics and scores today; customer_360_metrics has the history
  gold.score_contribution     what each measure adds to a score
  gold.risk_alerts, gold.recommendations, gold.customer_timeline, gold.portfolio_summary
  silver.account, silver.invoice, silver.case, ...   cleansed records of the org
  ops.pipeline_run, ops.test_result, ...             what the runs did

`show all tables;` lists everything, `describe gold.customer;` the columns, `.quit` leaves.
"""


def published(folder: DataFolder) -> Path:
    """Return the path of the published warehouse.

    Raises:
        WarehouseError: nothing is published yet.
    """
    if not folder.current.exists():
        raise WarehouseError(
            f"Nothing is published in {folder.warehouse}: "
            "run `python -m warehouse build --extract` (or `make pipeline`) first."
        )
    return folder.current


def open_shell(folder: DataFolder, arguments: list[str]) -> None:
    """Print the welcome and become the DuckDB shell; further arguments are the shell's own.

    Raises:
        WarehouseError: nothing is published, or the shell is not installed.
    """
    path = published(folder)
    beside_python = Path(sys.executable).with_name("duckdb")
    shell = str(beside_python) if beside_python.exists() else shutil.which("duckdb")
    if shell is None:
        raise WarehouseError(
            "The DuckDB shell is not installed for this machine. Get it from duckdb.org, then: "
            f"duckdb -readonly {path}"
        )
    if not arguments:
        print(WELCOME.format(path=path))
        for question, statement in EXAMPLES.items():
            print(f"-- {question}\n{statement}")
    sys.stdout.flush()
    target = ["-readonly", str(path)]
    if encryption_key():
        # By its name in the environment: a key in the arguments would show in the process list.
        literal = str(path).replace("'", "''")
        options = f"read_only, encryption_key getenv('{KEY_VARIABLE}')"
        attach = f"attach '{literal}' as current ({options}); use current"
        target = ["-cmd", attach]
    os.execv(shell, [shell, *target, *arguments])  # noqa: S606 -- a fixed program
