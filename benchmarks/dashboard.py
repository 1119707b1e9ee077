"""The dashboard in chromium: a customer page until it is usable, a portfolio of 100,000 customers.

Then Lighthouse on the three main pages, which npx fetches from the npm registry the first time.

Needs `npm run build` in web/ before it. Environment: `CUSTOMER360_TEST_DATA` (a data folder with a
published warehouse, copied before use; without it one of 200 accounts is made in a minute).
"""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the measurements in a browser and print the rows of the tables.

    Raises:
        RuntimeError: npm is missing, or a measurement could not be made; the output says which.
    """
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    npm = shutil.which("npm", path=path)
    if npm is None:
        message = "npm is missing: install Node.js, then run `make setup`."
        raise RuntimeError(message)
    print("| milliseconds | median | p95 | worst |\n| --- | --- | --- | --- |", flush=True)
    command = [npm, "run", "--silent", "benchmark"]
    done = subprocess.run(command, cwd=ROOT / "web", env=os.environ | {"PATH": path}, check=False)
    if done.returncode != 0:
        message = "A measurement of the dashboard failed; its output is above."
        raise RuntimeError(message)
