"""Show a run: one live display in a terminal, plain lines elsewhere, nothing with --json."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
)
from rich.table import Column
from rich.text import Text

from warehouse.runner.dbt_process import NodeEvent

NOT_PASSED = ("warn", "error", "fail", "runtime error")


def duration(seconds: float) -> str:
    """Write a duration for people: `4.2 s`, `3 min 20 s`, `1 h 05 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


class Display:
    """What a run tells about its progress; this one shows nothing, for `--json`."""

    def start(self, stage: str, expected_seconds: float | None) -> None:
        """Tell that a stage starts, and how long it took in the last run, if known."""

    def detail(self, text: str) -> None:
        """Tell what the stage is doing now."""

    def node(self, event: NodeEvent, finished: int, total: int) -> None:
        """Tell of a model, seed or test that started or finished, the `finished`-th of `total`."""

    def finish(self, seconds: float, text: str) -> None:
        """Tell that the stage has ended well."""


class PlainDisplay(Display):
    """One line when a stage starts, one when it ends, and what did not pass: for logs."""

    def __init__(self) -> None:
        self.stage = ""

    def start(self, stage: str, expected_seconds: float | None) -> None:
        """Print that the stage starts."""
        self.stage = stage
        expected = f" (last time {duration(expected_seconds)})" if expected_seconds else ""
        print(f"{stage}: started{expected}", flush=True)

    def node(self, event: NodeEvent, finished: int, total: int) -> None:
        """Print what did not pass."""
        if event.is_finished and event.status in NOT_PASSED:
            print(
                f"{self.stage}: {event.status}: {event.resource_type} {event.name} "
                f"({finished} of {total})",
                flush=True,
            )

    def finish(self, seconds: float, text: str) -> None:
        """Print that the stage ended."""
        print(f"{self.stage}: done in {duration(seconds)}{text and ', '}{text}", flush=True)


def _clock(seconds: float) -> str:
    """Write a duration so that its width stays: `0:42`, `3:20`, `1:05:00`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


class _TimeColumn(ProgressColumn):
    """How long the stage has taken, and how long it took in the last run."""

    def render(self, task: Task) -> Text:
        """Return the times as text."""
        taken = task.finished_time if task.finished else task.elapsed
        expected = task.fields.get("expected")
        text = Text(_clock(taken or 0), style="progress.elapsed")
        return text.append(f" of ~{_clock(expected)}" if expected else "", style="dim")


class TerminalDisplay(Display):
    """One line per stage with a bar, what it is doing, and the time against the last run's."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.task = TaskID(0)

    def start(self, stage: str, expected_seconds: float | None) -> None:
        """Add a line for the stage."""
        self.task = self.progress.add_task("", stage=stage, expected=expected_seconds, total=None)

    def detail(self, text: str) -> None:
        """Show what the stage is doing."""
        self.progress.update(self.task, description=text)

    def node(self, event: NodeEvent, finished: int, total: int) -> None:
        """Move the bar and name the node; what did not pass stays on the screen."""
        if event.is_finished and event.status in NOT_PASSED:
            self.progress.console.print(
                f"{event.status}: {event.resource_type} {event.name}", markup=False, style="yellow"
            )
        rows = f", {event.rows:,} rows" if event.rows is not None else ""
        self.progress.update(
            self.task,
            total=total or None,
            completed=finished,
            description=f"{finished} of {total}: {event.name}{rows}",
        )

    def finish(self, seconds: float, text: str) -> None:
        """Fill the bar and stop its clock."""
        self.progress.update(self.task, total=1, completed=1, description=text or duration(seconds))


@contextmanager
def open_display(*, as_json: bool) -> Iterator[Display]:
    """Yield the display that suits where the output goes."""
    if as_json:
        yield Display()
    elif not sys.stdout.isatty():
        yield PlainDisplay()
    else:
        # What a stage does now gets the rest of the line, shortened; nothing else gives way to it.
        rest = Column(no_wrap=True, overflow="ellipsis", ratio=1)
        with Progress(
            TextColumn("{task.fields[stage]}", table_column=Column(no_wrap=True, min_width=7)),
            BarColumn(bar_width=16),
            _TimeColumn(table_column=Column(no_wrap=True, justify="right")),
            TextColumn("{task.description}", markup=False, table_column=rest),
            console=Console(),
            expand=True,
        ) as progress:
            yield TerminalDisplay(progress)
