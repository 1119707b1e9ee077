"""Session, data status, backtest."""

from datetime import date, datetime

from service.schemas.base import AsOf, Role, Schema


class SignIn(Schema):
    """An API token to sign in with."""

    token: str


class Session(Schema):
    """Who the caller is and what they may."""

    name: str
    role: Role
    regions: list[str] | None
    may_see_personal_data: bool
    expires_at: datetime | None


class Build(Schema):
    """The published build that answers."""

    build_id: str
    as_of: AsOf
    published_at: datetime


class ObjectStatus(Schema):
    """The newest extraction of one Salesforce object."""

    object: str
    status: str
    rows: int | None
    rows_deleted: int | None
    extracted_at: datetime | None
    watermark: datetime | None
    message: str | None


class StageRun(Schema):
    """One stage of a run."""

    stage: str
    status: str
    seconds: float | None


class Run(Schema):
    """One run of the pipeline."""

    run_id: str
    status: str
    started_at: datetime
    finished_at: datetime | None
    seconds: float | None
    build_id: str | None
    message: str | None
    stages: list[StageRun]


class TestResult(Schema):
    """A test of the published build that did not pass cleanly."""

    test: str
    status: str
    failures: int
    message: str | None


class TestTotals(Schema):
    """The tests of the published build."""

    passed: int
    warned: int
    failed: int
    not_passed: list[TestResult]


class QualityIssue(Schema):
    """Values of one field that were rejected or repaired for one reason."""

    object: str
    field: str
    reason: str
    count: int
    examples: list[str]


class TableSize(Schema):
    """Rows of one published table."""

    schema_name: str
    table_name: str
    rows: int


class Status(Schema):
    """How fresh and how sound the published data is."""

    build_id: str
    as_of: AsOf
    published_at: datetime
    objects: list[ObjectStatus]
    runs: list[Run]
    tests: TestTotals
    data_quality: list[QualityIssue]
    tables: list[TableSize]


class Interval(Schema):
    """A figure with its 95 % bootstrap interval."""

    value: float | None
    low: float | None
    high: float | None


class LevelOutcome(Schema):
    """The share of the customers of one churn level that left."""

    level: str
    share: Interval


class CalibrationPoint(Schema):
    """One tenth of the customers by score: what was said and what happened."""

    decile: int
    mean_score: float
    observed_share: float | None
    low: float | None
    high: float | None
    customers: int


class Horizon(Schema):
    """How well the churn score told who would leave within a number of days."""

    horizon_days: int
    months: int
    customers: int
    churned: int
    enough: bool
    base_rate: float | None
    auc: Interval
    average_precision: Interval
    lift_top_decile: Interval
    churned_revenue_in_top_decile: Interval
    by_level: list[LevelOutcome]
    calibration: list[CalibrationPoint]


class Backtest(Schema):
    """The churn score graded against what really happened, pooled over month ends."""

    as_of: date
    horizons: list[Horizon]
