"""Build dbt's documentation site from the published warehouse, and serve it."""

import functools
import http.server
import os
import subprocess
import sys
from pathlib import Path

from warehouse.runner.build_environment import dbt_environment
from warehouse.runner.errors import WarehouseError
from warehouse.runner.folder import PROJECT_ROOT, DataFolder
from warehouse.runner.shell import published

HOST = "127.0.0.1"


def generate(folder: DataFolder) -> Path:
    """Generate the site beside the warehouse and return its folder.

    `index.html` there needs a web server; `static_index.html` is the whole site in one file.

    Raises:
        WarehouseError: nothing is published, or dbt could not generate the site.
    """
    target = folder.dbt / "docs"
    environment = dbt_environment(folder, published(folder)) | {"DBT_TARGET_PATH": str(target)}
    dbt = [sys.executable, "-c", "from dbt.cli.main import cli; cli()"]
    # Parsed, not compiled: compiling would query bronze views and intermediate tables, which are
    # not published.
    for command in (["parse"], ["docs", "generate", "--no-compile", "--static"]):
        completed = subprocess.run(
            [*dbt, *command, "--target", "published"],
            cwd=PROJECT_ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if completed.returncode != 0:
            raise WarehouseError(
                f"dbt could not generate the documentation (exit code {completed.returncode}):\n"
                + completed.stdout[-2000:]
                + completed.stderr[-2000:]
            )
    return target


def serve(site: Path, port: int) -> None:
    """Serve the site on this machine only, until interrupted.

    Raises:
        WarehouseError: the port is taken.
    """
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=os.fspath(site))
    try:
        server = http.server.ThreadingHTTPServer((HOST, port), handler)
    except OSError as error:
        raise WarehouseError(
            f"Cannot serve on {HOST}:{port}: {error.strerror}. Choose another port: --port N."
        ) from error
    with server:
        print(f"Documentation: http://{HOST}:{server.server_port} (Ctrl-C ends it)", flush=True)
        server.serve_forever()
