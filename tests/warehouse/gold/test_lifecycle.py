"""Where customers stand, from bronze to alerts: small orgs with the stage of each written down."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.dbt import run_dbt
from tests.warehouse.silver_bronze import Record, write_extraction

TODAY = date(2026, 3, 31)
LONG_AGO = date(2025, 1, 1)
MODELS = ("gold_risk_alerts", "gold_recommendations", "gold_portfolio_summary")
CUSTOMERS = (
    "ended_yesterday",
    "ends_in_20_days",
    "contract_only",
    "debtor",
    "prospect",
    "onboarding",
    "noticed",
    "active",
    "upgraded",
    "moved_from",
    "moved_to",
)
NAMES = {
    "moved_from": "Zanzolo Freight Group",
    "moved_to": "Zanzolo Freight Group",
}


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def identifier(prefix: str, number: int) -> str:
    return f"{prefix}000000000{number:03d}AAA"


def account(name: str) -> str:
    return identifier("001", CUSTOMERS.index(name) + 1)


def stamped(day: date, changed: date | None = None) -> dict[str, datetime | bool]:
    return {
        "CreatedDate": moment(day),
        "LastModifiedDate": moment(changed or day),
        "SystemModstamp": moment(changed or day),
        "IsDeleted": False,
    }


class Org:
    """A small org: records by object, with ids in the order in which they are added."""

    def __init__(self) -> None:
        self.objects: dict[str, list[Record]] = {}

    def add(self, name: str, prefix: str, fields: Record) -> None:
        records = self.objects.setdefault(name, [])
        records.append({"Id": identifier(prefix, len(records) + 1), **fields})

    def service(
        self,
        customer: str,
        start: date,
        end: date | None = None,
        *,
        charge: int = 100,
        changed: date | None = None,
    ) -> None:
        self.add(
            "Asset",
            "02i",
            {
                "AccountId": account(customer),
                "Name": "Line",
                "InstallDate": start,
                "UsageEndDate": end,
                "Price": charge,
                "CurrencyIsoCode": "USD",
                **stamped(start, changed),
            },
        )

    def contract(
        self, customer: str, start: date, end: date | None, notice: date | None = None
    ) -> None:
        self.add(
            "Contract",
            "800",
            {
                "AccountId": account(customer),
                "Status": "Activated",
                "StartDate": start,
                "EndDate": end,
                "Notice_Given_Date__c": notice,
                **stamped(start),
            },
        )


def small_org() -> Org:
    """Customers named after what they are, on 31 March 2026."""
    org = Org()
    for customer in CUSTOMERS:
        org.add(
            "Account",
            "001",
            {
                "Name": NAMES.get(customer, f"{customer} {customer[::-1]}"),
                "BillingCountry": "Kenya",
                "Region__c": "EMEA",
                **stamped(LONG_AGO if customer != "moved_to" else date(2026, 3, 5)),
            },
        )
    org.service("ended_yesterday", LONG_AGO, date(2026, 3, 30), changed=date(2026, 3, 30))
    org.service("ends_in_20_days", LONG_AGO, date(2026, 4, 20), changed=date(2026, 3, 10))
    org.service("ends_in_20_days", LONG_AGO, date(2026, 4, 5), changed=date(2026, 3, 10))
    org.contract("contract_only", LONG_AGO, date(2027, 12, 31))
    org.add(
        "Invoice__c",
        "a00",
        {
            "Name": "INV-1",
            "Account__c": account("debtor"),
            "Invoice_Date__c": date(2026, 1, 1),
            "Due_Date__c": date(2026, 1, 31),
            "Amount__c": 500,
            "CurrencyIsoCode": "USD",
            "Status__c": "Open",
            **stamped(date(2026, 1, 1)),
        },
    )
    org.add(
        "Opportunity",
        "006",
        {
            "AccountId": account("prospect"),
            "Name": "First order",
            "StageName": "Proposal",
            "Amount": 900,
            "CurrencyIsoCode": "USD",
            "Probability": 50,
            "CloseDate": date(2026, 6, 30),
            "IsClosed": False,
            "IsWon": False,
            **stamped(date(2026, 3, 1)),
        },
    )
    org.service("onboarding", date(2026, 2, 1))
    org.service("noticed", LONG_AGO)
    org.contract("noticed", LONG_AGO, date(2026, 5, 31), notice=date(2026, 3, 15))
    org.service("active", LONG_AGO)
    # An upgrade across the end of February, and a service that moved to a younger account.
    org.service("upgraded", LONG_AGO, date(2026, 2, 20), changed=date(2026, 2, 20))
    org.service("upgraded", date(2026, 3, 10), charge=150)
    org.service("moved_to", LONG_AGO, changed=date(2026, 3, 5))
    return org


def build(data: Path, as_of: date) -> None:
    completed = run_dbt(
        *("build", "--select", *(f"+{model}" for model in MODELS), "+gold_revenue_movement"),
        *("--exclude-resource-type", "test", "unit_test", "--vars", f"as_of: {as_of}"),
        file=data / f"{as_of}.duckdb",
        folder=data,
        CUSTOMER360_DATA=str(data),
    )
    if completed.returncode:
        pytest.fail(f"{completed.stdout[-4000:]}\n{completed.stderr[-4000:]}")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The org as it was extracted on 1 March and on 31 March, built for both days."""
    folder = tmp_path_factory.mktemp("lifecycle")
    org = small_org().objects
    early = date(2026, 3, 1)
    before: dict[str, list[Record]] = {}
    for name, records in org.items():
        known = [record for record in records if record["CreatedDate"] <= moment(early)]  # type: ignore[operator]
        # What was changed in March had no end yet, and the service was the older account's.
        before[name] = [
            record
            if record["LastModifiedDate"] <= moment(early)  # type: ignore[operator]
            else {
                **record,
                **stamped(LONG_AGO),
                "UsageEndDate": None,
                "AccountId": account("moved_from")
                if record.get("AccountId") == account("moved_to")
                else record.get("AccountId"),
            }
            for record in known
        ]
    write_extraction(folder, moment(early), before)
    write_extraction(folder, moment(TODAY), org)
    build(folder, early)
    build(folder, TODAY)
    return folder


@pytest.fixture
def today(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(data / f"{TODAY}.duckdb"), read_only=True) as connection:
        yield connection


def stages(connection: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, tuple[object, ...]]:
    """Return the stage of each account on a day, with the days of leaving."""
    found = connection.execute(
        "select customer_id, lifecycle_stage, left_on, leaves_on "
        "from gold.customer_360_metrics where as_of = ?",
        [as_of],
    ).fetchall()
    return {CUSTOMERS[int(row[0][12:15]) - 1]: row[1:] for row in found if row[0][:2] != "M-"}


def test_each_customer_stands_where_its_records_put_it(today: duckdb.DuckDBPyConnection) -> None:
    assert stages(today, TODAY) == {
        "ended_yesterday": ("former", date(2026, 3, 30), None),
        "ends_in_20_days": ("leaving", None, date(2026, 4, 20)),
        "contract_only": ("active", None, None),
        "debtor": ("former", date(2026, 1, 1), None),
        "prospect": ("prospect", None, None),
        "onboarding": ("onboarding", None, None),
        "noticed": ("leaving", None, date(2026, 5, 31)),
        "active": ("active", None, None),
        "upgraded": ("active", None, None),
        "moved_from": ("prospect", None, None),
        "moved_to": ("active", None, None),
    }
    masters = today.execute(
        "select lifecycle_stage from gold.customer_360_current where customer_id like 'M-%'"
    ).fetchall()
    assert masters == [("active",)]


def test_a_past_day_knows_no_end_that_was_set_later(
    data: Path, today: duckdb.DuckDBPyConnection
) -> None:
    # Scored in March: on the last day of February the ends that were set since were not known.
    february = stages(today, date(2026, 2, 28))
    assert february["ended_yesterday"] == ("active", None, None)
    assert february["ends_in_20_days"] == ("active", None, None)
    assert february["noticed"] == ("active", None, None)
    assert february["upgraded"] == ("former", date(2026, 2, 20), None)
    with duckdb.connect(str(data / "2026-03-01.duckdb"), read_only=True) as replay:
        first = stages(replay, date(2026, 3, 1))
    assert first["ended_yesterday"] == ("active", None, None)
    assert first["ends_in_20_days"] == ("active", None, None)
    assert first["onboarding"] == ("onboarding", None, None)
    assert first["moved_from"] == ("active", None, None)
    assert "moved_to" not in first


def test_only_customers_are_scored(today: duckdb.DuckDBPyConnection) -> None:
    unscored = today.execute(
        "select distinct lifecycle_stage from gold.customer_360_current where coalesce("
        "cast(health_score as varchar), health_category, cast(health_coverage as varchar), "
        "cast(churn_risk_score as varchar), churn_risk_level, "
        "cast(churn_risk_coverage as varchar)) is null order by 1"
    ).fetchall()
    assert unscored == [("former",), ("prospect",)]
    counted = today.execute(
        "select customers, stage_prospect_customers, stage_former_customers, "
        "stage_leaving_customers, stage_onboarding_customers, stage_active_customers, "
        "pipeline_usd, overdue_amount_usd "
        "from gold.portfolio_summary where as_of = ? and region = 'all' and segment = 'all'",
        [TODAY],
    ).fetchall()
    # The two accounts of the master are one customer.
    assert [tuple(map(float, row)) for row in counted] == [(7, 1, 2, 2, 1, 4, 900, 500)]


def test_a_debt_outlives_the_contract_and_leaving_is_told(
    today: duckdb.DuckDBPyConnection,
) -> None:
    alerts = today.execute(
        "select customer_id, alert_code, severity, value, message, opened_on "
        "from gold.risk_alerts where customer_id not like 'M-%' "
        "and alert_code in ('A003', 'A007') order by customer_id"
    ).fetchall()
    assert alerts == [
        (
            account("ends_in_20_days"),
            "A007",
            "HIGH",
            20,
            "Leaves on 2026-04-20; USD 2,400 a year ends then",
            TODAY,
        ),
        (
            account("debtor"),
            "A003",
            "HIGH",
            59,
            "USD 500 unpaid; the oldest invoice is 59 days overdue",
            date(2026, 2, 28),
        ),
        (
            account("noticed"),
            "A007",
            "HIGH",
            61,
            "Leaves on 2026-05-31; USD 1,200 a year ends then",
            TODAY,
        ),
    ]
    of_former = today.execute(
        "select distinct rule_id from gold.recommendations inner join gold.customer_360_current "
        "using (customer_id) where lifecycle_stage in ('former', 'prospect')"
    ).fetchall()
    assert of_former == [("R003",)]


def movements(connection: duckdb.DuckDBPyConnection, customer: str) -> list[tuple[object, ...]]:
    return connection.execute(
        "select month, cast(new_usd as int), cast(expansion_usd as int), "
        "cast(contraction_usd as int), cast(churned_usd as int), cast(closing_usd as int) "
        "from gold.revenue_movement where customer_id = ? and month >= date '2026-02-01' "
        "order by month",
        [customer],
    ).fetchall()


def test_an_upgrade_and_a_move_are_no_loss_and_no_gain(today: duckdb.DuckDBPyConnection) -> None:
    february, march = date(2026, 2, 1), date(2026, 3, 1)
    assert movements(today, account("upgraded")) == [
        (february, 0, 0, 0, 0, 100),
        (march, 0, 50, 0, 0, 150),
    ]
    assert movements(today, f"M-{account('moved_from')}") == [
        (february, 0, 0, 0, 0, 100),
        (march, 0, 0, 0, 0, 100),
    ]
    assert movements(today, account("ended_yesterday")) == [
        (february, 0, 0, 0, 0, 100),
        (march, 0, 0, 0, 100, 0),
    ]
