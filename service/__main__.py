"""The service's commands: serve, manage tokens, print the OpenAPI schema."""

import argparse
import json
import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from service.access import LOOPBACK
from service.logs import configure_logs
from service.schemas.base import Role
from service.settings import Settings, SettingsError, read_settings
from service.state.store import StateStore, StateStoreError
from service.state.tokens import TokenError, add_token, list_tokens, revoke_token

FIRST_TOKEN = "first admin"  # noqa: S105 - a name
ROLES: tuple[Role, ...] = ("viewer", "agent", "admin")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m service", description="Serve the API and the dashboard."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=5000, help="port to listen on")
    parser.add_argument(
        "--dashboard",
        metavar="URL",
        help="where the dashboard is served, if not here: the sign-in link leads there",
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that answer")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("openapi", help="print the OpenAPI schema as JSON")
    token = commands.add_parser("token", help="make, list and revoke API tokens")
    actions = token.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="make a token and print it, once")
    add.add_argument("name")
    add.add_argument("--role", choices=ROLES, default="viewer")
    add.add_argument(
        "--region", action="append", dest="regions", help="only customers there; may be repeated"
    )
    add.add_argument(
        "--no-personal-data",
        action="store_false",
        dest="may_see_personal_data",
        help="names, e-mail addresses and numbers of contacts are masked",
    )
    actions.add_parser("list", help="list all tokens")
    actions.add_parser("revoke", help="revoke a token").add_argument("name")
    return parser


def _tokens(store: StateStore, arguments: argparse.Namespace) -> None:
    if arguments.action == "add":
        secret = add_token(
            store,
            arguments.name,
            arguments.role,
            regions=arguments.regions,
            may_see_personal_data=arguments.may_see_personal_data,
        )
        print(secret)
        print("This is the only time that the token is shown.", file=sys.stderr)
    elif arguments.action == "revoke":
        revoke_token(store, arguments.name)
        print(f"Revoked {arguments.name}.")
    else:
        for row in list_tokens(store):
            regions = "all regions" if row["regions"] is None else ", ".join(row["regions"])
            personal = "" if row["may_see_personal_data"] else ", no personal data"
            revoked = f", revoked {row['revoked_at']:%Y-%m-%d}" if row["revoked_at"] else ""
            print(
                f"{row['name']}: {row['role']}, {regions}{personal}, "
                f"made {row['created_at']:%Y-%m-%d}{revoked}"
            )


def sign_in_link(store: StateStore, host: str, dashboard: str) -> str | None:
    """A link with a first admin token, where no token was ever made and only this machine asks."""
    if host not in LOOPBACK or list_tokens(store):
        return None
    try:
        secret = add_token(store, FIRST_TOKEN, "admin", added_by="first start")
    except TokenError:
        return None  # Another process that starts at this moment made it, and prints the link.
    return f"{dashboard}/sign-in#token={secret}"


def _serve(settings: Settings, store: StateStore, arguments: argparse.Namespace) -> None:
    from granian.constants import Interfaces, Loops  # noqa: PLC0415 - commands start without it
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    address = f"http://{arguments.host}:{arguments.port}"
    link = sign_in_link(store, arguments.host, arguments.dashboard or address)
    store.close()
    print(f"customer360 on {address}", flush=True)
    if link:
        print(f"Sign in: {link}", flush=True)
    if not settings.current.exists():
        print("No warehouse is published yet: run `make pipeline`.", flush=True)
    with ExitStack() as stack:
        if arguments.workers > 1:
            # Each process limits for itself; together they allow what was asked for.
            os.environ["CUSTOMER360_REQUESTS_PER_MINUTE"] = str(
                max(1, settings.requests_per_minute // arguments.workers)
            )
            # They count together, anew from each start: a server that was killed leaves its counts.
            counts = settings.data / f"metrics-{arguments.port}"
            shutil.rmtree(counts, ignore_errors=True)
            counts.mkdir(parents=True)
            stack.callback(shutil.rmtree, counts, ignore_errors=True)
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)
        Server(
            "service.asgi:application",
            address=arguments.host,
            port=arguments.port,
            interface=Interfaces.ASGI,
            workers=arguments.workers,
            loop=Loops.asyncio,
            log_level=LogLevels.warning,
            workers_kill_timeout=10,
            backlog=2048,
        ).serve()


def main() -> int:
    """Run a command; 0 when it succeeded."""
    arguments = _parser().parse_args()
    if arguments.command == "openapi":
        from service.application import openapi_document  # noqa: PLC0415 - tokens need no routes

        json.dump(openapi_document(), sys.stdout, indent=1)
        print()
        return 0
    configure_logs()
    try:
        settings = read_settings()
        Path(settings.data).mkdir(parents=True, exist_ok=True)
        store = StateStore(settings.state_url)
        store.migrate()
        if arguments.command == "token":
            _tokens(store, arguments)
        else:
            _serve(settings, store, arguments)
    except (SettingsError, StateStoreError, TokenError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
