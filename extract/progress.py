"""What a person sees while an extraction runs, and the table at its end."""

import time
from collections.abc import Callable, Iterator
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
from rich.table import Column, Table
from rich.text import Text

from extract.manifest import ObjectRecord, RunRecord


def _rate(record: ObjectRecord) -> float:
    return float(record.rows / record.seconds) if record.seconds else 0.0


# The columns of the summary, each from an object's record in the manifest.
CELLS: dict[str, Callable[[ObjectRecord], str]] = {
    "object": lambda record: str(record.object),
    "mode": lambda record: str(record.mode),
    "status": lambda record: str(record.status),
    "rows": lambda record: f"{record.rows:,}",
    "deleted": lambda record: f"{record.rows_deleted:,}",
    "MiB": lambda record: f"{record.bytes / 2**20:.1f}",
    "seconds": lambda record: f"{record.seconds:.1f}",
    "rows/s": lambda record: f"{_rate(record):,.0f}",
    "API calls": lambda record: f"{record.api_calls:,}",
    "retries": lambda record: f"{record.retries:,}",
}
MAIN_CELLS = frozenset({"object", "status", "rows", "deleted", "seconds", "rows/s"})
WIDE = 105


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
        seconds = task.finished_time or task.elapsed
        speed = task.completed / seconds if seconds else 0
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
            TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            # The bar has what the figures leave of the line.
            BarColumn(bar_width=None, table_column=Column(ratio=1)),
            RowsColumn(table_column=Column(no_wrap=True, justify="right")),
            RateColumn(table_column=Column(no_wrap=True, justify="right")),
            TimeElapsedColumn(table_column=Column(no_wrap=True)),
            console=self.console,
            expand=True,
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

    def end(self, record: ObjectRecord) -> None:
        """Show that an object is done."""
        name = record.object
        if self._progress:
            if name in self._tasks:
                rows = record.rows + record.rows_deleted
                completed = self._progress.tasks[self._tasks[name]].completed
                self._progress.update(self._tasks[name], total=max(rows, completed))
            return
        line = (
            f"{name}: {record.status}, {record.rows:,} rows, {record.seconds:.1f} s, "
            f"{_rate(record):,.0f} rows/s"
        )
        self.console.print(line, highlight=False, soft_wrap=True)

    def summary(self, run: RunRecord) -> None:
        """Print the table of what was extracted; a narrow terminal gets its main columns."""
        table = Table(title=f"Extraction {run.batch_id}: {run.status}", title_justify="left")
        chosen = {
            heading: cell
            for heading, cell in CELLS.items()
            if self.console.width >= WIDE or heading in MAIN_CELLS
        }
        for heading in chosen:
            is_text = heading in ("object", "mode", "status")
            table.add_column(heading, justify="left" if is_text else "right", no_wrap=True)
        for record in run.objects:
            table.add_row(*(cell(record) for cell in chosen.values()))
        total = ObjectRecord(object="total", status="", seconds=run.seconds or 0.0)
        for key in ("rows", "rows_deleted", "bytes", "api_calls", "retries"):
            setattr(total, key, sum(getattr(record, key) for record in run.objects))
        table.add_section()
        table.add_row(*(cell(total) for cell in chosen.values()))
        self.console.print(table)
        for record in run.objects:
            if record.message:
                self.console.print(
                    f"{record.object}: {record.message}", highlight=False, soft_wrap=True
                )
