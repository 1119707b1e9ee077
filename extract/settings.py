"""objects.yml: which objects to extract, and how."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from salesforce.errors import ConfigurationError

DEFAULT_OBJECTS_FILE = Path(__file__).with_name("objects.yml")


@dataclass(frozen=True, slots=True)
class ObjectConfiguration:
    """One entry of objects.yml."""

    name: str
    required: bool = False
    exclude: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Configuration:
    """objects.yml: which objects to extract, and the settings that hold for all of them."""

    objects: tuple[ObjectConfiguration, ...]
    api_limit_reserve: float = 0.2
    parallel_objects: int = 4
    rest_rows: int = 4000
    bulk_page_rows: int = 122_880
    visibility_lag_minutes: float = 5
    look_back_minutes: float = 10
    full_refresh_days: float = 7
    reconciliation_days: float = 7
    timeout_seconds: float = 120
    version_retention_days: float | None = None
    exchange_rate_source: str = ""


def read_configuration(path: Path = DEFAULT_OBJECTS_FILE) -> Configuration:
    """Read objects.yml. Raises ConfigurationError that names the wrong entry."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("objects"), dict):
        raise ConfigurationError(f"{path} must have a mapping `objects` from object name to entry.")
    objects = tuple(_read_object(path, name, entry) for name, entry in document["objects"].items())
    settings = document.get("settings") or {}
    known = {item.name: item for item in fields(Configuration) if item.name != "objects"}
    for name, value in settings.items():
        if name not in known:
            raise ConfigurationError(
                f"{path}: unknown setting `{name}`; known are {', '.join(known)}."
            )
        _check_setting(path, name, value)
    return Configuration(objects=objects, **settings)


def _read_object(path: Path, name: str, entry: Any) -> ObjectConfiguration:
    entry = entry or {}
    if not isinstance(entry, dict) or set(entry) - {"required", "exclude"}:
        raise ConfigurationError(
            f"{path}: the entry of {name} may hold `required` (true or false) and `exclude` (a "
            "list of field names) only."
        )
    return ObjectConfiguration(
        name=str(name),
        required=bool(entry.get("required", False)),
        exclude=frozenset(entry.get("exclude") or ()),
    )


def _check_setting(path: Path, name: str, value: Any) -> None:
    if name == "exchange_rate_source":
        if not isinstance(value, str):
            raise ConfigurationError(f"{path}: `{name}` must be an address or a file name.")
        return
    if value is None and name == "version_retention_days":
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ConfigurationError(f"{path}: `{name}` must be a number that is not negative.")
    if name in ("parallel_objects", "timeout_seconds", "bulk_page_rows") and value < 1:
        raise ConfigurationError(f"{path}: `{name}` must be at least 1.")
    if name == "api_limit_reserve" and value >= 1:
        raise ConfigurationError(f"{path}: `{name}` is a share and must be below 1.")
