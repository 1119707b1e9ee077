"""What a person sees while an extraction runs, and the table at its end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text


class RowsColumn(ProgressColumn):
    """Rows read, of how many where that is known."""

    def render(self, task: Task) -> Text:
        """Format the column."""
        total = f" / {task.total:,.0f}" if task.total is not None else ""
        return Text(f"{task.completed:,.0f}{total} rows", justify="right")


class RateColumn(ProgressColumn):
    """Rows per second."""

    def render(self, task: Task) -> Text:
        """Format the column."""
        # Over the whole time: rows arrive in bursts.
        speed = task.completed / task.elapsed if task.elapsed else 0
        return Text(f"{speed:,.0f} rows/s", justify="right")


class Display:
    """Progress per object: bars on a terminal, one line per finished object elsewhere."""

    def __init__(self, console: Console) -> None:
        """Show on `console`."""
        self.console = console
        self._progress: Progress | None = None
        self._tasks: dict[str, Any] = {}
        self._started: dict[str, float] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Show live progress while the context is open."""
        if not self.console.is_terminal:
            yield
            return
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            RowsColumn(),
            RateColumn(),
            TimeElapsedColumn(),
            console=self.console,
        )
        with self._progress:
            yield

    def begin(self, name: str, total: int | None) -> None:
        """Show that an object's rows begin to arrive."""
        self._started[name] = time.monotonic()
        if self._progress:
            self._tasks[name] = self._progress.add_task(name, total=total)

    def advance(self, name: str, rows: int) -> None:
        """Show that rows have arrived, or, with a negative number, that they have to come again."""
        if self._progress and name in self._tasks:
            self._progress.advance(self._tasks[name], rows)

    def end(self, record: dict[str, Any]) -> None:
        """Show that an object is done."""
        name = record["object"]
        if self._progress:
            if name in self._tasks:
                rows = record["rows"] + record["rows_deleted"]
                completed = self._progress.tasks[self._tasks[name]].completed
                self._progress.update(self._tasks[name], total=max(rows, completed))
            return
        rate = record["rows"] / record["seconds"] if record["seconds"] else 0
        line = (
            f"{name}: {record['status']}, {record['rows']:,} rows, {record['seconds']:.1f} s, "
            f"{rate:,.0f} rows/s"
        )
        self.console.print(line, highlight=False, soft_wrap=True)

    def summary(self, run: dict[str, Any]) -> None:
        """Print the table of what was extracted."""
        table = Table(title=f"Extraction {run['batch_id']}: {run['status']}", title_justify="left")
        table.add_column("object")
        table.add_column("mode")
        table.add_column("status")
        for heading in ("rows", "deleted", "MiB", "seconds", "rows/s", "API calls", "retries"):
            table.add_column(heading, justify="right")
        totals = dict.fromkeys(("rows", "rows_deleted", "bytes", "api_calls", "retries"), 0)
        for record in run["objects"]:
            for key in totals:
                totals[key] += record[key]
            rate = record["rows"] / record["seconds"] if record["seconds"] else 0
            table.add_row(
                record["object"],
                record["mode"],
                record["status"],
                f"{record['rows']:,}",
                f"{record['rows_deleted']:,}",
                f"{record['bytes'] / 2**20:.1f}",
                f"{record['seconds']:.1f}",
                f"{rate:,.0f}",
                f"{record['api_calls']:,}",
                f"{record['retries']:,}",
            )
        seconds = run["seconds"]
        table.add_section()
        table.add_row(
            "total",
            "",
            "",
            f"{totals['rows']:,}",
            f"{totals['rows_deleted']:,}",
            f"{totals['bytes'] / 2**20:.1f}",
            f"{seconds:.1f}",
            f"{totals['rows'] / seconds if seconds else 0:,.0f}",
            f"{totals['api_calls']:,}",
            f"{totals['retries']:,}",
        )
        self.console.print(table)
        for record in run["objects"]:
            if record["message"]:
                self.console.print(
                    f"{record['object']}: {record['message']}", highlight=False, soft_wrap=True
                )
