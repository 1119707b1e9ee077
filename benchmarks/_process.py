"""Run a process for a benchmark: its time, its own peak memory, its processor seconds."""

import os
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 20
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Usage:
    """What a process took: seconds, peak MiB, CPU seconds; its last words if it failed."""

    seconds: float
    memory: float
    cpu_seconds: float
    words: str = ""
    is_stopped: bool = False


def run(command: list[str], environment: dict[str, str], limit: float | None = None) -> Usage:
    """Run a process; one that takes longer than `limit` seconds is asked to end.

    Peak memory is VmHWM of the process itself, read until it ends: the usage record that the
    kernel gives to the parent begins with what the parent held when it forked.
    """
    plain = {k: v for k, v in os.environ.items() if not k.startswith("SALESFORCE_")}
    started = time.monotonic()
    peak = 0
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=plain | environment, stdout=output, stderr=subprocess.STDOUT
        )
        timers = [
            threading.Timer(seconds, action)
            for seconds, action in (
                [(limit, process.terminate), (limit + GRACE_SECONDS, process.kill)] if limit else []
            )
        ]
        for timer in timers:
            timer.start()
        status = Path(f"/proc/{process.pid}/status")
        while True:
            with suppress(OSError):
                text = status.read_text(encoding="utf-8").partition("VmHWM:")[2]
                peak = max(peak, int(text.split()[0]) if text else 0)
            pid, code, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(POLL_SECONDS)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(code)
        for timer in timers:
            timer.cancel()
        output.seek(0)
        words = output.read().strip().splitlines()[-1:] if process.returncode else []
    is_stopped = limit is not None and seconds > limit
    return Usage(
        seconds,
        peak / 1024,
        usage.ru_utime + usage.ru_stime,
        "" if is_stopped else "".join(words),
        is_stopped,
    )
