"""Command line of the sandbox org: generate it, serve it."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
import threading
from datetime import UTC, date, datetime
from pathlib import Path

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.server.embed import Server
from rich.console import Console

from common.data_folder import data_folder
from extract.sandbox import catalogue
from extract.sandbox.advance import advance
from extract.sandbox.certificate import loopback_certificate
from extract.sandbox.generator import generate
from extract.sandbox.misbehaviour import SWITCHES, UnknownSwitchError
from extract.sandbox.org import Org
from extract.sandbox.server import create_application
from extract.sandbox.sessions import Credentials, jwt_key

DEFAULT_ACCOUNTS = 2000
DEFAULT_SEED = 1
DEFAULT_PORT = 8443
API_VERSION = "64.0"
EXAMPLES = """
examples:
  python -m extract.sandbox                          serve data/sandbox, generating it if absent
  python -m extract.sandbox generate --accounts 500  make a new org, replacing the one there
  python -m extract.sandbox advance --days 7         let a week go by, until today at most
  python -m extract.sandbox --misbehave status_503=3 answer the next three requests with 503

While it runs, `connection.json` in the org's folder holds the SALESFORCE_* settings of a client.
POST /sandbox/switches {"slow_seconds": 2} changes a switch of the running server; {} clears all.
"""


def main() -> int:
    """Run the command; the exit code is returned."""
    arguments = _parser().parse_args()
    console = Console(stderr=True)
    directory: Path = arguments.directory
    database = directory / "org.duckdb"
    try:
        if arguments.command == "advance":
            with console.status("Letting the sandbox org live on"):
                changes = advance(directory, days=arguments.days, until=datetime.now(UTC).date())
            for name, (added, changed) in changes.items():
                console.print(f"{name}: {added:,} added, {changed:,} changed")
            return 0
        if arguments.command == "generate" or not database.exists():
            with console.status("Generating the sandbox org") as status:
                rows = generate(
                    directory,
                    accounts=arguments.accounts,
                    seed=arguments.seed,
                    today=arguments.today,
                    progress=lambda step: status.update(f"Generating the sandbox org: {step}"),
                )
            total = sum(rows.values())
            console.print(
                f"Generated {total:,} records of {rows['Account']:,} accounts in {directory}"
            )
        if arguments.command == "generate":
            return 0
        return asyncio.run(_serve(directory, arguments.port, arguments.misbehave, console))
    except (ValueError, OSError) as error:
        console.print(f"error: {error}", style="red")
        return 1


def _parser() -> argparse.ArgumentParser:
    data = data_folder()
    parser = argparse.ArgumentParser(
        prog="python -m extract.sandbox",
        description="A local Salesforce look-alike over generated data of a B2B telco.",
        epilog=EXAMPLES
        + "\nswitches:\n"
        + "\n".join(f"  {name:24} {meaning}" for name, meaning in SWITCHES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "command", nargs="?", choices=["serve", "generate", "advance"], default="serve"
    )
    parser.add_argument(
        "--directory", type=Path, default=data / "sandbox", help="folder of the org (%(default)s)"
    )
    accounts = int(os.environ.get("CUSTOMER360_SANDBOX_ACCOUNTS") or DEFAULT_ACCOUNTS)
    parser.add_argument(
        "--accounts", type=int, default=accounts, help="how many to generate (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="another seed, another org")
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=datetime.now(UTC).date(),
        help="the day the org's history ends (today)",
    )
    parser.add_argument(
        "--days", type=int, help="how far `advance` goes (to the real day, when not given)"
    )
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="0 takes any free one (%(default)s)"
    )
    parser.add_argument(
        "--misbehave", action="append", default=[], metavar="SWITCH[=VALUE]", help="see below"
    )
    return parser


async def _serve(directory: Path, port: int, misbehave: list[str], console: Console) -> int:
    certificate = loopback_certificate(directory / "tls")
    port = port or _free_port()
    base_url = f"https://localhost:{port}"
    org = Org(directory, {name: catalogue.describe(name) for name in catalogue.OBJECTS})
    for switch in misbehave:
        name, _, value = switch.partition("=")
        try:
            org.misbehaviour.set(name, value or "1")
        except UnknownSwitchError as error:
            console.print(f"error: {error}", style="red")
            return 1
    connection_file = directory / "connection.json"
    credentials = Credentials()
    settings = {
        "SALESFORCE_LOGIN_URL": base_url,
        "SALESFORCE_CLIENT_ID": credentials.client_id,
        "SALESFORCE_CLIENT_SECRET": credentials.client_secret,
        "SALESFORCE_API_VERSION": API_VERSION,
        "SALESFORCE_CA_BUNDLE": str(certificate.authority.resolve()),
    }
    with tempfile.TemporaryDirectory(prefix="sandbox-", dir=directory) as spool:
        key = jwt_key(directory / "tls")
        application = create_application(org, Path(spool), key, base_url)
        server = Server(
            application,
            address="127.0.0.1",
            port=port,
            interface=Interfaces.ASGI,
            http=HTTPModes.http1,
            websockets=False,
            log_enabled=False,
            ssl_cert=certificate.chain,
            ssl_key=certificate.key,
            ssl_protocol_min=SSLProtocols.tls12,
        )
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        if not sys.stdin.isatty():
            _stop_at_end_of_input(loop, stopped)
        serving = asyncio.create_task(server.serve())
        try:
            await _accepting(port, serving)
            partial = connection_file.with_suffix(".part")
            partial.write_text(json.dumps(settings, indent=2), encoding="utf-8")
            partial.replace(connection_file)
            console.print(f"Sandbox org ready at {base_url} (settings in {connection_file})")
            stopping = asyncio.create_task(stopped.wait())
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            connection_file.unlink(missing_ok=True)
            server.stop()  # type: ignore[no-untyped-call]
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            org.close()
    return 0


def _stop_at_end_of_input(loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
    """Stop when the process that started this one has gone and its pipe has closed."""
    if sys.stdin.closed or os.fstat(sys.stdin.fileno()).st_mode & 0o170000 != 0o010000:
        return  # only a pipe says anything about who started us

    def watch() -> None:
        # The descriptor itself: a buffered read holds a lock that the interpreter needs to end.
        while os.read(sys.stdin.fileno(), 4096):
            pass
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stopped.set)

    threading.Thread(target=watch, daemon=True).start()


async def _accepting(port: int, serving: asyncio.Task[None]) -> None:
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return
    await serving
    raise OSError(f"Port {port} could not be opened: another server may be using it.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    sys.exit(main())
