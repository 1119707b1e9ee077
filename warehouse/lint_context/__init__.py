"""What sqlfluff's Jinja templater lacks of dbt's context; used by nothing but the linter."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from jinja2 import pass_context
from jinja2.runtime import Context

execute = False

_PROJECT = yaml.safe_load(
    (Path(__file__).parent.parent / "dbt_project.yml").read_text(encoding="utf-8")
)


def var(name: str, default: Any = None) -> Any:
    """Return a var as dbt_project.yml sets it, else the default."""
    return _PROJECT["vars"].get(name, default)


def env_var(name: str, default: str = "") -> str:
    """Return an environment variable, else the default."""
    return os.environ.get(name, default)


class _Adapter:
    """Dispatches macros as dbt does for DuckDB."""

    @staticmethod
    @pass_context
    def dispatch(context: Context, name: str) -> Callable[..., str]:
        """Return the macro that DuckDB uses under a name."""
        macro: Callable[..., str] = context["duckdb__" + name]
        return macro


class _Exceptions:
    """Stays silent: nothing is compiled against real data."""

    @staticmethod
    def warn(_: str) -> str:
        """Warn of nothing."""
        return ""


adapter = _Adapter()
exceptions = _Exceptions()
