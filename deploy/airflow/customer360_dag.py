# ruff: noqa: INP001 -- a DAG folder is not a package
"""Nightly run as an Airflow DAG: copy to the DAG folder of an Airflow 3 installation.

Airflow only schedules: every task calls the installed software, so it needs none of its packages.
Settings and secrets come from the worker's environment, the installation from
CUSTOMER360_HOME (default /opt/customer360).
"""

import os
from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

HOME = os.environ.get("CUSTOMER360_HOME", "/opt/customer360")

with DAG(
    dag_id="customer360",
    description="Extract Salesforce, build and test the warehouse, publish it",
    schedule="30 2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["customer360"],
) as dag:
    # An extraction resumes where it stopped, so repeating it is cheap.
    extract = BashOperator(
        task_id="extract",
        bash_command=f"cd {HOME} && .venv/bin/python -m extract",
        retries=3,
        retry_delay=timedelta(minutes=10),
        execution_timeout=timedelta(hours=4),
    )
    # A build that was blocked by its data is blocked the second time as well: a person looks.
    publish = BashOperator(
        task_id="publish",
        bash_command=f"cd {HOME} && .venv/bin/python -m warehouse build",
        retries=0,
        execution_timeout=timedelta(hours=4),
    )
    extract >> publish
