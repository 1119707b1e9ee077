"""Extract a Salesforce org to Parquet, all of it the first time, only what changed afterwards.

Without any SALESFORCE_* setting the sandbox org is extracted: a local server over generated data.
"""

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from rich.console import Console

from common.data_folder import data_folder
from common.encryption import KEY_VARIABLE, EncryptionKeyError, encryption_key
from extract.check import check
from extract.compaction import __doc__ as compaction_documentation
from extract.compaction import compact
from extract.errors import ExtractionError, disk_error
from extract.log import hide, log, logging_to
from extract.manifest import Bronze, locked
from extract.progress import Display
from extract.rates import extract_rates
from extract.run import EXIT_CODES, Options, Run
from extract.sandbox_process import sandbox_org
from extract.settings import DEFAULT_OBJECTS_FILE, Configuration, read_configuration
from salesforce.errors import OrgError, ResumableError
from salesforce.http import Org
from salesforce.settings import connection_from, names_an_org, read_environment, secret_values

PLAIN_WIDTH = 140
EPILOG = """\
exit codes: 0 everything is complete; 3 incomplete, run the same command again and it goes on where
it stopped; 1 failed, the message says what to do.

examples:
  python -m extract                            what changed since the last run (all at first)
  python -m extract --full                     every row again
  python -m extract --objects Account,Contact  only these objects
  python -m extract check                      try the sign-in; what is there, what a run costs
  python -m extract rates                      exchange rates of the European Central Bank
  python -m extract compact                    merge many small files into few

The data folder is `data`, or CUSTOMER360_DATA; its log is logs/extract.jsonl in there.
docs/extraction.md explains the settings.
"""


@contextmanager
def configured_org(configuration: Configuration) -> Iterator[Org]:
    """The configured org, or the sandbox org when none is, signed in."""
    environment = read_environment()
    if names_an_org(environment):
        yield _sign_in(environment, configuration)
        return
    with sandbox_org(data_folder()) as settings:
        yield _sign_in({**environment, **settings}, configuration)


def _sign_in(environment: dict[str, str], configuration: Configuration) -> Org:
    connection = connection_from(environment)
    org = Org(
        connection,
        timeout_seconds=configuration.timeout_seconds,
        api_limit_reserve=configuration.api_limit_reserve,
    )
    log("signed in", instance=org.instance_url, flow=connection.flow)
    return org


def run_extraction(arguments: argparse.Namespace, console: Console) -> int:
    """Extract what is configured."""
    configuration = read_configuration(arguments.config)
    options = Options(full=arguments.full, objects=tuple(_names(arguments.objects)))
    directory = data_folder() / "bronze"
    with locked(directory), configured_org(configuration) as org:
        display = Display(console)
        run = Run(org, Bronze(directory), configuration, display, options).execute()
        display.summary(run)
    return EXIT_CODES[run.status]


def run_check(arguments: argparse.Namespace, console: Console) -> int:
    """Try the sign-in and look around."""
    configuration = read_configuration(arguments.config)
    bronze = Bronze(data_folder() / "bronze")
    with configured_org(configuration) as org:
        is_good = check(org, bronze, configuration, console)
    return EXIT_CODES["complete" if is_good else "failed"]


def run_rates(arguments: argparse.Namespace, console: Console) -> int:
    """Read exchange rates."""
    source = arguments.source or read_configuration(arguments.config).exchange_rate_source
    directory = data_folder() / "bronze"
    with locked(directory):
        rows = extract_rates(Bronze(directory), source)
    console.print(f"{rows:,} new or changed exchange rates from {source}", highlight=False)
    return EXIT_CODES["complete"]


def run_compaction(arguments: argparse.Namespace, console: Console) -> int:
    """Merge small files."""
    configuration = read_configuration(arguments.config)
    retention = arguments.retention_days
    if retention is None:
        retention = configuration.version_retention_days
    directory = data_folder() / "bronze"
    with locked(directory):
        bronze = Bronze(directory)
        names = _names(arguments.objects) or list(bronze.manifest.objects)
        unknown = [name for name in names if name not in bronze.manifest.objects]
        if unknown:
            raise ExtractionError(f"Nothing is extracted of {', '.join(unknown)} yet.")
        for name in names:
            done = compact(bronze, name, retention, datetime.now(UTC))
            text = (
                f"{done.files_before:,} files with {done.rows_before:,} rows became "
                f"{done.files_after:,} with {done.rows_after:,}"
                if done
                else "nothing to gain"
            )
            console.print(f"{name}: {text}", highlight=False)
    return EXIT_CODES["complete"]


def log_file() -> Path:
    """Where the log goes."""
    return data_folder() / "logs" / "extract.jsonl"


def _names(values: list[str] | None) -> list[str]:
    names = [name.strip() for value in values or () for name in value.split(",")]
    return [name for name in names if name]


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--config",
        type=Path,
        default=DEFAULT_OBJECTS_FILE,
        metavar="FILE",
        help="an objects.yml of your own",
    )
    objects = argparse.ArgumentParser(add_help=False)
    objects.add_argument(
        "--objects",
        action="append",
        metavar="NAME[,NAME...]",
        help="only these objects",
    )
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m extract",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=form,
        parents=[common, objects],
    )
    parser.add_argument("--full", action="store_true", help="read every row again")
    parser.set_defaults(run=run_extraction)
    commands = parser.add_subparsers(title="other commands", metavar="")
    command = commands.add_parser(
        "check",
        help="sign in, list objects and limits, say what a run would cost",
        description=check.__doc__,
        parents=[common],
    )
    command.set_defaults(run=run_check)
    command = commands.add_parser(
        "rates",
        help="read the European Central Bank's reference rates",
        description="Append new and changed exchange rates to bronze.",
        parents=[common],
    )
    command.add_argument("--source", metavar="ADDRESS|FILE", help="the CSV, or a zip of it")
    command.set_defaults(run=run_rates)
    command = commands.add_parser(
        "compact",
        help="merge many small files into few",
        description=compaction_documentation,
        formatter_class=form,
        parents=[common, objects],
    )
    command.add_argument(
        "--retention-days",
        type=float,
        metavar="DAYS",
        help="also drop versions that were superseded longer ago (default: version_retention_days)",
    )
    command.set_defaults(run=run_compaction)
    return parser


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Parse the command line and run; one clear sentence for whatever goes wrong."""
    arguments = build_parser().parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        secrets = (
            *secret_values(read_environment()),
            *filter(None, [os.environ.get(KEY_VARIABLE)]),
        )
    except OrgError as error:
        print(f"Failed: {error}", file=sys.stderr)
        return EXIT_CODES["failed"]
    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH)
    try:
        with logging_to(log_file(), secrets):
            code, message = _run(arguments, console)
            log("ended", exit_code=code, message=message)
    except OSError as error:
        code, message = EXIT_CODES["failed"], f"Failed: {error}"
    if message:
        print(hide(message, secrets), file=sys.stderr)
    return code


def _run(arguments: argparse.Namespace, console: Console) -> tuple[int, str]:
    """Run a command; returns the exit code and what to say about it."""
    try:
        encryption_key()
        return int(arguments.run(arguments, console)), ""
    except ResumableError as error:
        return EXIT_CODES["incomplete"], f"Incomplete: {error}"
    except (OrgError, EncryptionKeyError) as error:
        return EXIT_CODES["failed"], f"Failed: {error}"
    except KeyboardInterrupt:
        return EXIT_CODES["incomplete"], "Interrupted. What was read is kept; run again to go on."
    except Exception as error:  # noqa: BLE001 - a person gets a sentence, the log the rest
        if disk := disk_error(error):
            return EXIT_CODES["incomplete"], f"Incomplete: {disk}"
        log("unexpected", trace=traceback.format_exc())
        return EXIT_CODES["failed"], (
            f"Failed unexpectedly ({type(error).__name__}), by a fault of the program. What was "
            f"read before is kept. Details are in {log_file()}."
        )


if __name__ == "__main__":
    sys.exit(main())
