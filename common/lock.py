"""Locks between processes, which the kernel releases when the holder dies, however it dies."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

# A killed run's children die with it, but not in the same instant.
GRACE_SECONDS = 10.0


class HeldError(Exception):
    """Another live process holds a lock; the attributes say which, as far as it has told."""

    def __init__(self, holder: dict[str, object]) -> None:
        super().__init__(f"held by process {holder.get('process_id', '?')}")
        self.process_id = holder.get("process_id", "?")
        self.command = holder.get("command", "?")
        self.started_at = holder.get("started_at", "?")


@contextmanager
def exclusive(path: Path, command: str) -> Iterator[int]:
    """Hold the lock at `path`, at once or not at all, and yield its file descriptor.

    Children that inherit the descriptor keep the lock held until they are gone too, so a next
    holder never meets a writer that outlived its parent. A lock file left by a dead process does
    not count: the lock is the kernel's, not the file's existence.

    Raises:
        HeldError: another live process holds it.
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
                    raise HeldError(holder) from None
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
def waiting(path: Path) -> Iterator[None]:
    """Wait for a lock that is only ever held for moments, and hold it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _holder(path: Path) -> dict[str, object]:
    """What the holder wrote about itself; empty while it is still writing."""
    try:
        content = json.loads(path.read_text())
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
