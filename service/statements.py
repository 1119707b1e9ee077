"""The service's SQL: one statement in each file of `sql/`, named after the file.

`visibility.sql` beside it holds who may see which customer, as macros that statements call.
"""

from pathlib import Path

DIRECTORY = Path(__file__).with_name("sql")
VISIBILITY = Path(__file__).with_name("visibility.sql").read_text(encoding="utf-8")
SQL = {path.stem: path.read_text(encoding="utf-8") for path in sorted(DIRECTORY.glob("*.sql"))}
