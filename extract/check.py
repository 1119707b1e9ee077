"""`python -m extract check`: sign in, and say what a run would find and cost."""

from typing import Any

from rich.console import Console
from rich.table import Table

from extract.client import Client
from extract.errors import QueryTimeoutError
from extract.manifest import Bronze
from extract.schema import read_describe
from extract.settings import Configuration, ObjectConfiguration
from salesforce.errors import OrgError, ResumableError
from salesforce.http import Org

REST_PAGE_ROWS = 2000
# Create, poll (a few times), delete.
BULK_JOB_CALLS = 6


def check(org: Org, bronze: Bronze, configuration: Configuration, console: Console) -> bool:
    """Print what the org has and what a full run would cost; False when it would fail."""
    client = Client(org)
    organization = client.organization()
    limits = client.limits()
    kind = "Salesforce sandbox" if organization.get("IsSandbox") else "production org"
    console.print(
        f"Signed in to {organization.get('Name')} ({organization['Id']}, "
        f"{organization.get('OrganizationType')}, {kind}) at {org.instance_url}, "
        f"API version {org.connection.api_version}, with {org.connection.flow}.",
        highlight=False,
        soft_wrap=True,
    )
    bronze.claim(f"salesforce:{organization['Id']}")
    table = Table(title="Configured objects", title_justify="left")
    for heading in ("object", "state"):
        table.add_column(heading)
    for heading in ("fields", "calculated", "rows", "API calls, full run"):
        table.add_column(heading, justify="right")
    calls, is_good = 2, True
    for item in configuration.objects:
        state, cells, cost = _inspect(client, item, configuration)
        calls += cost
        is_good = is_good and state != "MISSING, but required"
        table.add_row(item.name, state, *cells, f"{cost:,}")
    client.close()
    console.print(table)
    _print_limits(limits, calls, configuration, console)
    return is_good


def _inspect(
    client: Client, item: ObjectConfiguration, configuration: Configuration
) -> tuple[str, tuple[str, str, str], int]:
    """State, (fields, calculated fields, rows) and the calls of a full read of one object."""
    describe = client.describe(item.name)
    if describe is None or not describe.get("queryable", True):
        return "MISSING, but required" if item.required else "missing", ("", "", ""), 1
    schema = read_describe(describe, item.exclude)
    calculated = sum(column.calculated for column in schema.columns)
    cells = f"{len(schema.columns):,}", f"{calculated:,}"
    try:
        rows = client.count(item.name)
    except QueryTimeoutError:
        return "present", (*cells, "very many"), 2 + BULK_JOB_CALLS
    except ResumableError:
        raise
    except OrgError as error:
        return f"unreadable: {error}", (*cells, ""), 2
    cost = 2 + (
        max(1, -(-rows // REST_PAGE_ROWS))
        if rows <= configuration.rest_rows
        else BULK_JOB_CALLS + -(-rows // configuration.bulk_page_rows)
    )
    return "present", (*cells, f"{rows:,}"), cost


def _print_limits(
    limits: dict[str, Any], calls: int, configuration: Configuration, console: Console
) -> None:
    daily = limits.get("DailyApiRequests", {})
    total, remaining = int(daily.get("Max", 0)), int(daily.get("Remaining", 0))
    usable = max(0, remaining - int(total * configuration.api_limit_reserve))
    console.print(
        f"A full run takes about {calls:,} API calls. The org has {remaining:,} of its {total:,} "
        f"daily API requests left, of which extraction may use {usable:,} (api_limit_reserve "
        f"{configuration.api_limit_reserve:.0%}).",
        highlight=False,
        soft_wrap=True,
    )
    jobs = limits.get("DailyBulkV2QueryJobs", {})
    if jobs:
        console.print(
            f"Bulk 2.0 query jobs left today: {int(jobs['Remaining']):,} of {int(jobs['Max']):,}.",
            highlight=False,
        )
    if calls > usable:
        console.print(
            "That is not enough for a full run in one day: it stops at the limit and goes on at "
            "the next run.",
            highlight=False,
        )
