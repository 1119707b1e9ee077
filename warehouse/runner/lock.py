"""One run at a time: an advisory lock that the kernel releases when its holder dies."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from warehouse.runner.errors import LockedError

# A killed run's children die with it, but not in the same instant.
GRACE_SECONDS = 10.0


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _holder(path: Path) -> dict[str, object]:
    """Return what the holder wrote about itself; empty while it is still writing."""
    try:
        content = json.loads(path.read_text())
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


@contextmanager
def run_lock(path: Path, command: str) -> Iterator[int]:
    """Hold the lock at `path` and yield its file descriptor.

    Children that inherit the descriptor keep the lock held until they are gone too, so a next
    run can never meet a writer that outlived its parent. A lock file left by a dead run does not
    count: the lock is the kernel's, not the file's existence.

    Raises:
        LockedError: another live run holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + GRACE_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = _holder(path)
                process_id = holder.get("process_id")
                is_dying = isinstance(process_id, int) and not _is_alive(process_id)
                if not is_dying or time.monotonic() > deadline:
                    raise LockedError(
                        f"Another run is at work in {path.parent}: process {process_id or '?'}, "
                        f"`{holder.get('command', '?')}`, since {holder.get('started_at', '?')}. "
                        "Wait until it ends, or end it, then run again."
                    ) from None
                time.sleep(0.1)
        content = {
            "process_id": os.getpid(),
            "command": command,
            "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(content).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def publish_lock(path: Path) -> Iterator[None]:
    """Wait for the short lock around switching and deleting builds, and hold it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
