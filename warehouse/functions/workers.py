"""Batches of the Python functions on all cores.

One Python process runs one function at a time, however many threads DuckDB has. So a function that
has much to do hands its batches to processes that wait for them on a pipe; they end with the
process that started them, for the pipe ends then. `python -m warehouse.functions.workers` is such
a process.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from warehouse.functions import arrow

# About what a process takes to start: until a function has worked for so long, none pays.
SECONDS_BEFORE_WORKERS = 0.5


class Workers:
    """Processes that compute batches, as many as there are cores; started when first needed."""

    def __init__(self) -> None:
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._lock = threading.Lock()
        self._left_to_start = os.cpu_count() or 1

    def call(self, name: str, columns: tuple[Any, ...]) -> Any:
        """Apply the function `name` of warehouse.functions.arrow in one of the processes.

        Raises what the function raises, or RuntimeError if the process ends without an answer.
        """
        worker = self._take()
        try:
            pickle.dump((name, columns), worker.stdin)  # type: ignore[arg-type]
            worker.stdin.flush()  # type: ignore[union-attr]
            answer = pickle.load(worker.stdout)  # type: ignore[arg-type]  # noqa: S301 -- ours
        except (EOFError, OSError) as error:
            # Whoever waits for a process must not wait for this one.
            self._idle.put(_start())
            raise RuntimeError(
                f"a process that computes {name} ended with {worker.wait()}; "
                "if it was killed (-9), memory ran out"
            ) from error
        self._idle.put(worker)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _take(self) -> "subprocess.Popen[bytes]":
        """Return a process that waits for work; start one while there are fewer than cores."""
        try:
            return self._idle.get_nowait()
        except Empty:
            pass
        with self._lock:
            start = self._left_to_start > 0
            self._left_to_start -= start
        return _start() if start else self._idle.get()


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "warehouse.functions.workers"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def on_all_cores(function: Callable[..., Any], workers: Workers) -> Callable[..., Any]:
    """Return a function of warehouse.functions.arrow that moves to the workers when it is busy."""
    seconds = 0.0

    # The signature stays that of the function, from which DuckDB counts the arguments.
    @wraps(function)
    def spread(*columns: Any) -> Any:
        nonlocal seconds
        if seconds > SECONDS_BEFORE_WORKERS:
            return workers.call(function.__name__, columns)
        started = time.perf_counter()
        try:
            return function(*columns)
        finally:
            seconds += time.perf_counter() - started

    return spread


def main() -> None:
    """Answer batches from standard input on standard output until either ends."""
    # Ctrl-C reaches the whole group of processes; what it means is the parent's to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError):
        while True:
            name, columns = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from the parent
            try:
                answer = getattr(arrow, name)(*columns)
            except Exception as error:  # noqa: BLE001 -- raised again by the parent
                answer = error
            pickle.dump(answer, sys.stdout.buffer)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
