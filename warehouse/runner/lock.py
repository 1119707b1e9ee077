"""One run at a time, and one switch of builds at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.lock import HeldError, exclusive
from warehouse.runner.errors import LockedError


@contextmanager
def run_lock(path: Path, command: str) -> Iterator[int]:
    """Hold the run's lock and yield its file descriptor, which children may inherit.

    Raises:
        LockedError: another live run holds it.
    """
    try:
        with exclusive(path, command) as descriptor:
            yield descriptor
    except HeldError as held:
        raise LockedError(
            f"Another run is at work in {path.parent}: process {held.process_id}, "
            f"`{held.command}`, since {held.started_at}. "
            "Wait until it ends, or end it, then run again."
        ) from None
