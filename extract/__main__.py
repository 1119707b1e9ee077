"""Extract a Salesforce org to Parquet, all of it the first time, only what changed afterwards.

Without any SALESFORCE_* setting the sandbox org is extracted: a local server over generated data.
"""

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from extract.client import Org
from extract.errors import ExtractionError, ResumableError
from extract.manifest import Bronze, locked
from extract.progress import Display
from extract.run import EXIT_CODES, Options, Run
from extract.sandbox_process import sandbox_org
from extract.settings import (
    DEFAULT_OBJECTS_FILE,
    Configuration,
    connection_from,
    data_directory,
    names_an_org,
    read_configuration,
    read_environment,
)

EPILOG = """\
exit codes: 0 everything is complete; 3 incomplete, run the same command again and it goes on where
it stopped; 1 failed, the message says what to do.

examples:
  python -m extract                            what changed since the last run (all at first)
  python -m extract --full                     everything again
  python -m extract --objects Account,Contact  only these objects
  python -m extract check                      try the sign-in; what is there, what a run costs

The data folder is `data`, or CUSTOMER360_DATA. docs/extraction.md explains the settings.
"""


@contextmanager
def configured_org(configuration: Configuration) -> Iterator[Org]:
    """The configured org, or the sandbox org when none is, signed in."""
    environment = read_environment()
    if names_an_org(environment):
        yield _sign_in(environment, configuration)
        return
    with sandbox_org(data_directory()) as settings:
        yield _sign_in({**environment, **settings}, configuration)


def _sign_in(environment: dict[str, str], configuration: Configuration) -> Org:
    return Org(
        connection_from(environment),
        timeout_seconds=configuration.timeout_seconds,
        api_limit_reserve=configuration.api_limit_reserve,
    )


def extract(arguments: argparse.Namespace, console: Console) -> int:
    """Run an extraction."""
    configuration = read_configuration(arguments.config)
    names = [name.strip() for item in arguments.objects or () for name in item.split(",")]
    options = Options(full=arguments.full, objects=tuple(name for name in names if name))
    directory = data_directory() / "bronze"
    with locked(directory), configured_org(configuration) as org:
        display = Display(console)
        run = Run(org, Bronze(directory), configuration, display, options).execute()
        display.summary(run)
    return EXIT_CODES[run["status"]]


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m extract",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--full", action="store_true", help="read every row again")
    parser.add_argument(
        "--objects",
        action="append",
        metavar="NAME[,NAME...]",
        help="only these objects of objects.yml",
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=DEFAULT_OBJECTS_FILE,
        metavar="FILE",
        help="another objects.yml",
    )
    parser.set_defaults(run=extract)
    return parser


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Parse the command line and run; one clear sentence for whatever goes wrong."""
    arguments = build_parser().parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    console = Console(width=None if sys.stdout.isatty() else 140)
    errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    try:
        return int(arguments.run(arguments, console))
    except ResumableError as error:
        errors.print(f"Incomplete: {error}")
        return EXIT_CODES["incomplete"]
    except ExtractionError as error:
        errors.print(f"Failed: {error}")
        return EXIT_CODES["failed"]
    except KeyboardInterrupt:
        errors.print("Interrupted. What was read is kept; run again to go on.")
        return EXIT_CODES["incomplete"]
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_CODES["failed"]


if __name__ == "__main__":
    sys.exit(main())
