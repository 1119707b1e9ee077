"""A tiny org in bronze and a tiny dbt project, so that whole runs take seconds."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.runner.folder import PROJECT_ROOT, DataFolder

PROJECT = Path(__file__).parent / "project"


@dataclass(frozen=True)
class Pipeline:
    """Runs `python -m warehouse` on a data folder of its own, with the tiny project."""

    root: Path
    project: Path

    @property
    def folder(self) -> DataFolder:
        """The paths of the data folder."""
        return DataFolder(self.root)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the commands."""
        return os.environ | {
            "CUSTOMER360_DATA": str(self.root),
            "DBT_PROJECT_DIR": str(self.project),
        }

    def land(self, accounts: int, mrr: str = "i % 100 + 1", name: str = "'Name ' || i") -> None:
        """Put so many accounts into bronze; `mrr` and `name` are SQL expressions over i."""
        path = f"account/bronze_account_{accounts:06d}.parquet"
        folder = self.root / "bronze"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "account").mkdir(parents=True)
        duckdb.sql(
            f"copy (select 'a' || i as id, {name} as name, ({mrr})::decimal(18, 2) as mrr "
            f"from range({accounts}) as numbers(i)) to '{folder / path}' (format parquet)"
        )
        self.write_manifest("complete", [path], accounts)

    def write_manifest(self, status: str, files: list[str], rows: int = 0) -> None:
        """Write the extraction's manifest."""
        moment = "2026-11-22T01:00:00.000Z"
        counts = {"rows": rows, "rows_deleted": 0, "bytes": 1}
        entry = {"status": status, "watermark": moment, "schema": []}
        listed = [
            {"path": path, **counts, "batch_id": "b1", "extracted_at": moment, "mode": "full"}
            for path in files
        ]
        record = {"object": "Account", "status": status, "watermark": moment, "message": None}
        run = {"batch_id": "b1", "mode": "full", "status": status}
        manifest = {
            "version": 1,
            "source_system": "test",
            "objects": {"Account": entry | {"files": listed}},
            "runs": [
                run
                | {"started_at": moment, "finished_at": moment}
                | {"objects": [record | counts | {"api_calls": 3, "retries": 0, "seconds": 1.0}]}
            ],
        }
        (self.root / "bronze").mkdir(exist_ok=True)
        (self.root / "bronze" / "manifest.json").write_text(json.dumps(manifest))

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m warehouse <arguments>` and return how it ended."""
        return subprocess.run(
            [sys.executable, "-m", "warehouse", *arguments],
            cwd=PROJECT_ROOT,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def build(self, *arguments: str) -> dict[str, Any]:
        """Build and publish, and return the summary."""
        completed = self.run("build", "--json", *arguments)
        assert completed.returncode == 0, completed.stderr + completed.stdout
        summary: dict[str, Any] = json.loads(completed.stdout)
        return summary

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Query the published warehouse."""
        path = self.folder.current.resolve(strict=True)
        with duckdb.connect(path, read_only=True) as connection:
            return connection.execute(statement).fetchall()

    def last_run(self) -> dict[str, Any]:
        """Return the newest run in the run log."""
        newest = max((self.folder.runs / "pipeline_run").glob("*.json"))
        rows: list[dict[str, Any]] = json.loads(newest.read_text())
        return rows[0]


@pytest.fixture(scope="session")
def published_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A data folder with 500 accounts, published once; read it, never write to it."""
    pipeline = Pipeline(tmp_path_factory.mktemp("pipeline") / "data", PROJECT)
    pipeline.land(500)
    pipeline.build()
    return pipeline


@pytest.fixture
def pipeline(published_pipeline: Pipeline, tmp_path: Path) -> Pipeline:
    """A copy of the published data folder that a test may change."""
    root = tmp_path / "data"
    shutil.copytree(published_pipeline.root, root, symlinks=True)
    return Pipeline(root, PROJECT)
