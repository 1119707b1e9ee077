"""Build the warehouse, publish it, and look after what is published."""

import argparse
import json
import sys
import time
from datetime import date

from warehouse.runner.docs import generate, serve
from warehouse.runner.errors import BLOCKED, FAILED, LOCKED, WarehouseError
from warehouse.runner.folder import DataFolder
from warehouse.runner.publish import (
    KEPT_BUILDS,
    build_ids,
    build_path,
    current_build_id,
    prune,
    roll_back,
)
from warehouse.runner.run_log import RunLog
from warehouse.runner.shell import open_shell

DESCRIPTION = """\
Build the warehouse from the extracted files, publish it, and look after what is published.

A build reads data/bronze, builds and tests everything in a candidate file, and only when every
test has passed switches data/warehouse/current.duckdb to it. A run that fails, or dies, at any
point leaves the published warehouse as it was.
"""
EPILOG = f"""\
examples:
  python -m warehouse build --extract   extract, build, test and publish: the nightly run
  python -m warehouse builds            which builds are there, and which one is served
  python -m warehouse rollback          serve the build before the published one

exit codes: 0 done, {FAILED} failed, 2 wrong usage, {BLOCKED} blocked because the data is not fit to
be published, {LOCKED} another run is at work.

CUSTOMER360_DATA names the data folder (default: data).
"""


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("a share lies between 0 and 1, for example 0.2")
    return value


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1 build is kept: the published one")
    return value


def _add_export_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--partition-by",
        choices=("region", "month"),
        help="split the exported files; tables that know no region or month stay whole",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m warehouse",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    build = commands.add_parser(
        "build", help="build, test and publish; with --extract, extract first"
    )
    build.add_argument("--extract", action="store_true", help="run `python -m extract` first")
    build.add_argument(
        "--full", action="store_true", help="with --extract: extract everything again"
    )
    build.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="score this day (default: the day of the newest complete extraction)",
    )
    build.add_argument(
        "--accept-drops",
        action="store_true",
        help="publish although rows or revenue fell by more than the limits",
    )
    build.add_argument(
        "--maximum-row-drop",
        type=_share,
        default=0.2,
        metavar="SHARE",
        help="block when a silver table or the customers lose more than this share (default 0.2)",
    )
    build.add_argument(
        "--maximum-revenue-drop",
        type=_share,
        default=0.2,
        metavar="SHARE",
        help="block when MRR or annual revenue lose more than this share (default 0.2)",
    )
    build.add_argument(
        "--export", metavar="DESTINATION", help="export what was published: see `export --help`"
    )
    _add_export_options(build)
    build.add_argument("--keep", type=_positive, default=KEPT_BUILDS, help="builds kept on disk")
    build.add_argument("--json", action="store_true", help="print one JSON document, no progress")

    build.add_argument(
        "--target",
        choices=("duckdb", "spark"),
        default="duckdb",
        help="the engine that builds silver and gold; either way one DuckDB file is published",
    )

    builds = commands.add_parser("builds", help="list the builds on disk and the last runs")
    builds.add_argument("--json", action="store_true", help="print one JSON document")

    rollback = commands.add_parser("rollback", help="serve an older build, at once")
    rollback.add_argument("build_id", nargs="?", help="default: the one before the published")

    pruned = commands.add_parser("prune", help="delete old builds; the published one stays")
    pruned.add_argument("--keep", type=_positive, default=KEPT_BUILDS, help="builds kept on disk")

    exported = commands.add_parser("export", help="write silver and gold as Parquet files")
    exported.add_argument("destination", help="a folder, or s3://bucket/prefix")
    _add_export_options(exported)
    exported.add_argument(
        "--table",
        action="append",
        default=[],
        metavar="SCHEMA.TABLE",
        help="only this table; can be repeated",
    )

    commands.add_parser(
        "sql",
        help="open a SQL shell on the published warehouse, read only",
        epilog="All further arguments are the DuckDB shell's own: -c 'from gold.customer'",
    )

    docs = commands.add_parser("docs", help="build the dbt documentation site and serve it")
    docs.add_argument("--port", type=int, default=8080, help="port on 127.0.0.1 (default 8080)")
    docs.add_argument("--no-serve", action="store_true", help="build it only")

    return parser


def _build(arguments: argparse.Namespace, folder: DataFolder) -> None:
    # Imported here: DuckDB and rich take longer to load than a rollback may last.
    from warehouse.runner.audit import DropLimits  # noqa: PLC0415 -- see above
    from warehouse.runner.build import run_pipeline  # noqa: PLC0415 -- see above
    from warehouse.runner.display import open_display  # noqa: PLC0415 -- see above
    from warehouse.runner.report import report  # noqa: PLC0415 -- see above
    from warehouse.runner.run import Options  # noqa: PLC0415 -- see above

    options = Options(
        extract=arguments.extract,
        full_extract=arguments.full,
        as_of=arguments.as_of,
        accept_drops=arguments.accept_drops,
        limits=DropLimits(arguments.maximum_row_drop, arguments.maximum_revenue_drop),
        keep=arguments.keep,
        export_to=arguments.export,
        partition_by=arguments.partition_by,
        target=arguments.target,
    )
    with open_display(as_json=arguments.json) as display:
        summary = run_pipeline(folder, options, display, " ".join(sys.argv[1:]))
    print(json.dumps(summary, indent=2) if arguments.json else report(summary))


def _builds(arguments: argparse.Namespace, folder: DataFolder) -> None:
    log, current = RunLog(folder), current_build_id(folder)
    rows = []
    for build_id in sorted({*build_ids(folder), *log.build_ids()[-10:]}, reverse=True):
        path = build_path(folder, build_id)
        run = log.pipeline_run(build_id)
        rows.append(
            {
                "build_id": build_id,
                "is_current": build_id == current,
                "status": run.get("status", "not on record"),
                "as_of": run.get("as_of"),
                "customers": run.get("customers"),
                "seconds": run.get("seconds"),
                "bytes": path.stat().st_size if path.exists() else None,
                "message": run.get("message"),
            }
        )
    if arguments.json:
        print(json.dumps(rows, indent=2))
        return
    if not rows:
        print(f"No builds in {folder.warehouse}. Make one: python -m warehouse build --extract")
        return
    for row in rows:
        mark = "*" if row["is_current"] else " "
        size = "not kept" if row["bytes"] is None else f"{row['bytes'] / 1e6:,.0f} MB"
        customers = "" if row["customers"] is None else f"{row['customers']:,} customers"
        print(
            f"{mark} {row['build_id']}  {row['status']:<11} {size:>10}  {customers:>18}  "
            f"{row['as_of'] or ''}"
        )
        if row["message"]:
            print(f"    {row['message'].splitlines()[0]}")
    print("* is served")


def _rollback(arguments: argparse.Namespace, folder: DataFolder) -> None:
    started = time.monotonic()
    left, served = roll_back(folder, arguments.build_id)
    print(
        f"{served} is served now instead of {left} ({time.monotonic() - started:.3f} s). "
        f"To go back: python -m warehouse rollback {left}"
    )


def _prune(arguments: argparse.Namespace, folder: DataFolder) -> None:
    pruned = prune(folder, arguments.keep)
    print(
        f"Deleted {len(pruned.build_ids)} builds, {pruned.bytes / 1e6:,.0f} MB"
        if pruned.build_ids
        else "Nothing to delete"
    )


def _export(arguments: argparse.Namespace, folder: DataFolder) -> None:
    from warehouse.runner.export import export  # noqa: PLC0415 -- DuckDB takes long to load

    done = export(folder, arguments.destination, arguments.partition_by, arguments.table)
    print(
        f"Exported {done.tables} tables, {done.rows:,} rows, {done.bytes / 1e6:,.1f} MB: "
        f"{done.manifest}"
    )


def _sql(arguments: argparse.Namespace, folder: DataFolder) -> None:
    open_shell(folder, arguments.rest)


def _docs(arguments: argparse.Namespace, folder: DataFolder) -> None:
    site = generate(folder)
    print(f"Documentation written to {site / 'static_index.html'}", flush=True)
    if not arguments.no_serve:
        serve(site, arguments.port)


def main() -> None:
    """Run the command given on the command line."""
    parser = _parser()
    arguments, rest = parser.parse_known_args()
    if rest and arguments.command != "sql":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.rest = rest
    folder = DataFolder.from_environment()
    commands = {
        "build": _build,
        "builds": _builds,
        "rollback": _rollback,
        "prune": _prune,
        "export": _export,
        "sql": _sql,
        "docs": _docs,
    }
    try:
        commands[arguments.command](arguments, folder)
    except WarehouseError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        # The machine's, not the program's: a folder that may not be read, a disk that is full.
        print(f"error: {error}", file=sys.stderr)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        is_run = arguments.command == "build"
        words = " What is published is whole; run the same command again." if is_run else ""
        print(f"Interrupted.{words}", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
