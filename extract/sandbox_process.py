"""Run the sandbox org's server for the time of one command, when no org is configured."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from extract.errors import ExtractionError
from salesforce.settings import read_connection_file

DEFAULT_ACCOUNTS = "2000"
START_SECONDS = 600.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05


@contextmanager
def sandbox_org(data: Path) -> Iterator[dict[str, str]]:
    """The SALESFORCE_* settings of a sandbox org that runs while the context is open.

    One that is already being served from the same folder is used and left running. Raises
    ExtractionError with the server's own last words when it does not start.
    """
    directory = data / "sandbox"
    connection_file = directory / "connection.json"
    running = _running(connection_file)
    if running:
        yield running
        return
    connection_file.unlink(missing_ok=True)
    accounts = os.environ.get("CUSTOMER360_SANDBOX_ACCOUNTS") or DEFAULT_ACCOUNTS
    command = [sys.executable, "-m", "extract.sandbox", "--directory", str(directory)]
    command += ["--accounts", accounts, "--port", "0"]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        # Its standard input closes when this process ends, however it ends: the server then stops.
        server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not (found := _running(connection_file)):
                if server.poll() is not None or time.monotonic() > deadline:
                    output.seek(0)
                    words = output.read().strip()[-2000:] or "it said nothing"
                    reason = (
                        f"ended with {server.returncode}"
                        if server.poll() is not None
                        else f"was not ready after {START_SECONDS:.0f} seconds"
                    )
                    raise ExtractionError(
                        f"The sandbox org did not start: `{' '.join(command[1:])}` {reason}: "
                        f"{words}"
                    )
                time.sleep(POLL_SECONDS)
            yield found
        finally:
            _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.stdin:
        with contextlib.suppress(OSError):
            server.stdin.close()
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _running(connection_file: Path) -> dict[str, str] | None:
    """The settings of a server that accepts connections, or None."""
    try:
        settings = read_connection_file(connection_file)
        address = urlsplit(settings["SALESFORCE_LOGIN_URL"])
        with socket.create_connection((address.hostname, address.port or 443), timeout=5):
            return settings
    except (OSError, ValueError, KeyError):
        return None
