"""What is owed, from bronze to measures and evidence: one customer for each fate of an invoice."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import duckdb
import pytest

from tests.warehouse.dbt import run_dbt
from tests.warehouse.silver_bronze import Record, write_extraction

TODAY = date(2026, 3, 31)
FEBRUARY = date(2026, 2, 28)
JANUARY = date(2026, 1, 31)
INVOICED, DUE, CHANGED = date(2026, 1, 1), date(2026, 1, 30), date(2026, 2, 1)
MODELS = ("gold_customer_360_current", "gold_measure_evidence", "gold_customer_timeline")

# What each customer was invoiced beside 100 USD paid in time: 100 USD, due on 30 January.
CUSTOMERS: dict[str, Record] = {
    "open": {"Status__c": "Overdue"},
    "void": {"Status__c": "Void"},
    "draft": {"Status__c": "Draft"},
    "credited_in_full": {"Status__c": "Open"},
    "credited_in_part": {"Status__c": "Open"},
    "negative": {"Status__c": "Open", "Amount__c": -30.0},
    "a_cent_left": {"Status__c": "Partially Paid", "Balance__c": 0.01},
    "sixty_left": {"Status__c": "Partially Paid", "Balance__c": 60.0},
    "disputed": {"Status__c": "In Dispute"},
    "written_off": {"Status__c": "Written Off", "Written_Off_Date__c": date(2026, 3, 21)},
    "paid_late": {"Status__c": "Paid", "Paid_Date__c": date(2026, 3, 1)},
}
CREDITS = {"credited_in_full": 100.0, "credited_in_part": 40.0}


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def stamped(day: date, changed: date) -> Record:
    return {
        "CreatedDate": moment(day),
        "LastModifiedDate": moment(changed),
        "SystemModstamp": moment(changed),
        "IsDeleted": False,
    }


def account(customer: str) -> str:
    return f"001000000000{list(CUSTOMERS).index(customer) + 1:03d}AAA"


def invoice(customer: str, suffix: str, fields: Record) -> Record:
    number = list(CUSTOMERS).index(customer) + 1
    return {
        "Id": f"a0{suffix}000000000{number:03d}AAA",
        "Name": f"{suffix}-{customer}",
        "Account__c": account(customer),
        "CurrencyIsoCode": "USD",
        "Type__c": None,
        "Balance__c": None,
        "Paid_Date__c": None,
        "Written_Off_Date__c": None,
        "Credited_Invoice__c": None,
        **fields,
    }


def org() -> dict[str, list[Record]]:
    accounts: list[Record] = []
    invoices: list[Record] = []
    for customer, fields in CUSTOMERS.items():
        accounts.append(
            {
                "Id": account(customer),
                "Name": f"{customer} {customer[::-1]}",
                "Region__c": "EMEA",
                **stamped(date(2025, 1, 1), date(2025, 1, 1)),
            }
        )
        early = date(2025, 11, 1)
        paid = {
            "Invoice_Date__c": early,
            "Due_Date__c": date(2025, 12, 1),
            "Paid_Date__c": date(2025, 11, 20),
            "Amount__c": 100.0,
            "Status__c": "Paid",
            **stamped(early, date(2025, 11, 20)),
        }
        invoices.append(invoice(customer, "1", paid))
        invoices.append(
            invoice(
                customer,
                "2",
                {
                    "Invoice_Date__c": INVOICED,
                    "Due_Date__c": DUE,
                    "Amount__c": 100.0,
                    **stamped(INVOICED, CHANGED),
                    **fields,
                },
            )
        )
    for customer, amount in CREDITS.items():
        credited = date(2026, 2, 10)
        invoices.append(
            invoice(
                customer,
                "3",
                {
                    "Invoice_Date__c": credited,
                    "Due_Date__c": credited,
                    # Some billers write what a credit note takes off without the sign.
                    "Amount__c": amount,
                    "Type__c": "Credit Memo",
                    "Status__c": "Posted",
                    "Credited_Invoice__c": f"a02000000000{list(CUSTOMERS).index(customer) + 1:03d}",
                    **stamped(credited, credited),
                },
            )
        )
    return {"Account": accounts, "Invoice__c": invoices}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    data = tmp_path_factory.mktemp("invoices")
    write_extraction(data, moment(TODAY), org())
    completed = run_dbt(
        *("build", "--select", *(f"+{model}" for model in MODELS)),
        *("--exclude-resource-type", "test", "unit_test"),
        file=data / "built.duckdb",
        folder=data,
        CUSTOMER360_DATA=str(data),
    )
    if completed.returncode:
        pytest.fail(f"{completed.stdout[-4000:]}\n{completed.stderr[-4000:]}")
    with duckdb.connect(str(data / "built.duckdb"), read_only=True) as connection:
        yield connection


def by_customer(
    warehouse: duckdb.DuckDBPyConnection, columns: str, as_of: date
) -> dict[str, tuple[float | None, ...]]:
    found = warehouse.execute(
        f"select customer_id, {columns} from gold.customer_360_metrics where as_of = ?", [as_of]
    ).fetchall()
    names = {account(customer): customer for customer in CUSTOMERS}
    return {
        names[key]: tuple(None if value is None else float(value) for value in row)
        for key, *row in found
    }


def test_only_what_is_owed_is_overdue(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = "max_days_overdue, overdue_amount_usd, disputed_amount_usd"
    assert by_customer(warehouse, columns, TODAY) == {
        "open": (60, 100, 0),
        "void": (0, 0, 0),
        "draft": (0, 0, 0),
        "credited_in_full": (0, 0, 0),
        "credited_in_part": (60, 60, 0),
        "negative": (0, 0, 0),
        "a_cent_left": (0, 0, 0),
        "sixty_left": (60, 60, 0),
        "disputed": (0, 0, 100),
        "written_off": (0, 0, 0),
        "paid_late": (0, 0, 0),
    }


def test_a_past_day_owed_what_it_could_know(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = "max_days_overdue, overdue_amount_usd"
    february = by_customer(warehouse, columns, FEBRUARY)
    assert february["written_off"] == (29, 100)
    assert february["paid_late"] == (29, 100)
    assert february["credited_in_full"] == (0, 0)
    january = by_customer(warehouse, columns, JANUARY)
    # Not yet credited, disputed or paid in part; void is void on every day.
    for customer in ("credited_in_full", "credited_in_part", "disputed", "sixty_left"):
        assert january[customer] == (1, 100), customer
    assert january["void"] == january["draft"] == (0, 0)


def test_revenue_and_paying_on_time_count_what_was_billed(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    columns = "annual_revenue_usd, on_time_payment_rate_12m"
    assert by_customer(warehouse, columns, TODAY) == {
        "open": (200, 0.5),
        "void": (100, 1),
        "draft": (100, 1),
        "credited_in_full": (100, 0.5),
        "credited_in_part": (160, 0.5),
        "negative": (70, 1),
        "a_cent_left": (200, 0.5),
        "sixty_left": (200, 0.5),
        "disputed": (200, 0.5),
        "written_off": (200, 0.5),
        "paid_late": (200, 0.5),
    }


def test_the_evidence_says_what_is_open_and_why(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select account_id, detail from gold.measure_evidence where as_of = ? "
        "and measure in ('overdue_amount_usd', 'disputed_amount_usd') order by 1",
        [TODAY],
    ).fetchall()
    assert found == [
        (account("open"), "due on 2026-01-30, 100.00 of 100.00 USD unpaid"),
        (
            account("credited_in_part"),
            "due on 2026-01-30, 60.00 of 100.00 USD unpaid after credit notes of 40.00",
        ),
        (account("sixty_left"), "due on 2026-01-30, 60.00 of 100.00 USD unpaid"),
        (account("disputed"), "due on 2026-01-30, 100.00 of 100.00 USD unpaid, disputed"),
    ]


def test_the_timeline_tells_each_fate_in_words(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select title, description from gold.customer_timeline "
        "where event_type = 'BILLING' and event_subtype in ('invoice_voided', 'invoice_disputed', "
        "'invoice_written_off', 'invoice_partly_paid', 'credit_note_issued') order by title"
    ).fetchall()
    assert found == [
        ("Credit Note 2-negative issued", None),
        ("Credit Note 3-credited_in_full issued", "For invoice 2-credited_in_full"),
        ("Credit Note 3-credited_in_part issued", "For invoice 2-credited_in_part"),
        ("Invoice 2-a_cent_left partly paid", "0.01 of 100.00 USD left"),
        ("Invoice 2-disputed disputed", "Due on 2026-01-30"),
        ("Invoice 2-sixty_left partly paid", "60.00 of 100.00 USD left"),
        ("Invoice 2-void voided", "Due on 2026-01-30"),
        ("Invoice 2-written_off written off", "Due on 2026-01-30"),
    ]
