"""The service's SQL: one statement in each file of `sql/`, named after the file."""

from pathlib import Path

DIRECTORY = Path(__file__).with_name("sql")
SQL = {path.stem: path.read_text(encoding="utf-8") for path in sorted(DIRECTORY.glob("*.sql"))}
