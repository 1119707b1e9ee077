"""Whether a test that needs Spark can run; under CI=true it has to."""

import importlib.util
import os
import shutil

import pytest

needs_spark = pytest.mark.skipif(
    os.environ.get("CI") != "true"
    and (
        importlib.util.find_spec("pyspark") is None
        or ("JAVA_HOME" not in os.environ and shutil.which("java") is None)
    ),
    reason="needs Java 17 (`apt-get install openjdk-17-jre-headless`) and "
    "`.venv/bin/pip install --require-hashes -r requirements-spark.lock`",
)
