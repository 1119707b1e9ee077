"""Run dbt on Apache Spark: `python -m warehouse.runner.spark_run <arguments of dbt>`.

The session is made here, before dbt asks for one, because the project's functions have to be
registered in it. Settings of a cluster come from Spark's own configuration (MASTER, or
spark-defaults.conf in SPARK_CONF_DIR); those below are what the models rely on.
"""

import os
import re
import sys
from pathlib import Path

from dbt.cli.main import cli
from pyspark.sql import SparkSession

from warehouse.functions.spark import register

# What the models rely on, whatever the cluster: the macros of engine.sql say why.
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.storeAssignmentPolicy": "LEGACY",
    "spark.sql.parquet.mergeSchema": "true",
    "spark.sql.sources.default": "parquet",
    "spark.sql.legacy.createHiveTableByDefault": "false",
}
# On one machine planning and compiling take longer than what is planned; none of these changes a
# result. On a cluster Spark's own settings hold.
LOCAL_SETTINGS = {
    # Few tasks of a size that pays; adaptive execution merges what is smaller still.
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.constraintPropagation.enabled": "false",
    # Plans are written out for every step of every query, also where nobody reads them.
    "spark.sql.maxPlanStringLength": "2000",
    "spark.sql.debug.maxToStringFields": "5",
    # Java throws out compiled code, and compiles it again, when there is more than 48 MB.
    "spark.driver.extraJavaOptions": "-XX:ReservedCodeCacheSize=512m",
}


def _names_a_cluster() -> bool:
    """Return whether Spark's own configuration says where to run."""
    defaults = Path(os.environ.get("SPARK_CONF_DIR", "")) / "spark-defaults.conf"
    text = defaults.read_text(encoding="utf-8") if defaults.is_file() else ""
    return "MASTER" in os.environ or bool(re.search(r"^\s*spark\.master\s", text, re.MULTILINE))


def session(directory: Path) -> SparkSession:
    """Start or find the Spark session; its tables are Parquet folders under `directory`.

    Tables lie in `<directory>/<schema>.db/<table>/`. The catalogue lives as long as the session,
    unless Spark's own configuration names another.
    """
    directory.mkdir(parents=True, exist_ok=True)
    builder = (
        SparkSession.builder.appName("customer360")
        .config("spark.sql.warehouse.dir", str(directory))
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
    )
    if not _names_a_cluster():
        memory = os.environ.get("CUSTOMER360_SPARK_MEMORY", "6g")
        builder = builder.master("local[2]").config("spark.driver.memory", memory)
        for name, value in LOCAL_SETTINGS.items():
            builder = builder.config(name, value)
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("OFF")
    register(made)
    return made


def main() -> None:
    """Run dbt in this process, with the session that it will find."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session(Path(os.environ["CUSTOMER360_SPARK_TABLES"]))
    cli()


if __name__ == "__main__":
    main()
