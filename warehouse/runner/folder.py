"""Where everything of the warehouse lies inside the data folder."""

from dataclasses import dataclass
from pathlib import Path

from common.data_folder import data_folder

PROJECT_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class DataFolder:
    """The paths under one data folder; all absolute."""

    root: Path

    @classmethod
    def from_environment(cls) -> "DataFolder":
        """Return the folder that CUSTOMER360_DATA names, `data` by default."""
        return cls(data_folder().absolute())

    @property
    def bronze_manifest(self) -> Path:
        """The extraction's manifest, which alone makes bronze files visible."""
        return self.root / "bronze" / "manifest.json"

    @property
    def warehouse(self) -> Path:
        """Everything that the warehouse stage writes."""
        return self.root / "warehouse"

    @property
    def builds(self) -> Path:
        """Published builds, `<build_id>.duckdb`."""
        return self.warehouse / "builds"

    @property
    def current(self) -> Path:
        """The symlink to the published build."""
        return self.warehouse / "current.duckdb"

    @property
    def candidate(self) -> Path:
        """The file a run builds; its path never changes, so dbt can reuse its parsed project."""
        return self.warehouse / "candidate.duckdb"

    @property
    def spark(self) -> Path:
        """The tables of a run on Spark, `<schema>.db/<table>/*.parquet`, until the next one."""
        return self.warehouse / "spark"

    @property
    def runs(self) -> Path:
        """The run log: one folder per ops table, in it one JSON file per run."""
        return self.warehouse / "runs"

    @property
    def lock(self) -> Path:
        """The lock that a run holds from start to end."""
        return self.warehouse / "run.lock"

    @property
    def publish_lock(self) -> Path:
        """The lock held for the milliseconds in which builds are switched or deleted."""
        return self.warehouse / "publish.lock"

    @property
    def dbt(self) -> Path:
        """Dbt's own output: compiled SQL, artifacts, log."""
        return self.warehouse / "dbt"
