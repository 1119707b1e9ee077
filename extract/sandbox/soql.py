"""SOQL, parsed and compiled to one parameterised DuckDB statement.

The grammar is `soql.lark`. The meaning follows Salesforce's "SOQL and SOSL Reference": text
compares without regard to case, ids with 15 or 18 characters, a comparison with null is false
(so NOT makes it true), `!=` is true for null, and a date function such as THIS_MONTH is a range.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

MAXIMUM_OFFSET = 2000
_TEXT_TYPES = frozenset(
    ("string", "textarea", "picklist", "multipicklist", "combobox", "email", "phone", "url")
)
_NUMBER_TYPES = frozenset(("int", "long", "double", "currency", "percent"))
_ID_TYPES = frozenset(("id", "reference"))
_UNIT = "DAY|WEEK|MONTH|QUARTER|YEAR"
_DATE_FUNCTION = re.compile(
    rf"(?:(LAST|THIS|NEXT)_({_UNIT})|(?:(LAST|NEXT)_N_({_UNIT})S|N_({_UNIT})S_AGO):(\d+))"
)


class SoqlError(Exception):
    """A query that Salesforce would refuse; `code` is its errorCode, the message is its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class SObjectField:
    """What describe says of one field, as far as a query depends on it."""

    name: str
    type: str
    filterable: bool = True
    sortable: bool = True
    reference_to: str | None = None
    relationship_name: str | None = None


@dataclass(frozen=True)
class SObject:
    """What describe says of one object; `fields` is keyed by the lower-case field name."""

    name: str
    fields: Mapping[str, SObjectField]
    is_bulk_supported: bool = True


@dataclass(frozen=True)
class CompiledQuery:
    """A statement for DuckDB whose columns are named as the query names them."""

    object_name: str
    fields: tuple[str, ...]
    sql: str
    parameters: tuple[object, ...]
    is_count: bool


@dataclass
class _Compilation:
    root: SObject
    schema: Mapping[str, SObject]
    today: datetime
    parameters: list[object] = field(default_factory=list)
    joins: dict[str, str] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        self.parameters.append(value)
        return "?"


def compile_query(
    soql: str,
    schema: Mapping[str, SObject],
    *,
    today: datetime,
    include_deleted: bool = False,
    bulk: bool = False,
) -> CompiledQuery:
    """Compile one SOQL query.

    `schema` is keyed by the lower-case object name, `today` (UTC) is what date functions count
    from, `include_deleted` is queryAll, `bulk` applies the limits of Bulk API 2.0.
    Raises SoqlError with Salesforce's error code and message.
    """
    tree = _parse(soql)
    parts = {str(part.data): part for part in tree.children if isinstance(part, Tree)}
    object_token = next(part for part in tree.children if isinstance(part, Token))
    root = schema.get(object_token.lower())
    if root is None:
        raise SoqlError("INVALID_TYPE", f"sObject type '{object_token}' is not supported.")
    _refuse_unsupported(parts, root, bulk=bulk)
    compilation = _Compilation(root, schema, today)
    alias = str(parts["alias"].children[0]).lower() if "alias" in parts else None

    is_count = "count_all" in parts
    names: tuple[str, ...] = ()
    columns = "count(*)"
    if not is_count:
        pairs = [_select_item(item, compilation, alias, bulk=bulk) for item in _items(parts)]
        names = tuple(name for name, _ in pairs)
        if len({name.lower() for name in names}) < len(names):
            raise SoqlError("INVALID_FIELD", "duplicate field selected: " + _first_repeat(names))
        columns = ", ".join(f"{expression} as {_quote(name)}" for name, expression in pairs)

    conditions = []
    if not include_deleted and "isdeleted" in root.fields:
        conditions.append('not "t"."IsDeleted"')
    if "where" in parts:
        conditions.append(_condition(parts["where"].children[0], compilation, alias))
    tail = ""
    if "order_by" in parts and not is_count:
        tail += " order by " + ", ".join(
            _ordering(ordering, compilation, alias) for ordering in parts["order_by"].children
        )
    if "limit" in parts:
        tail += f" limit {int(str(parts['limit'].children[0]))}"
    if "offset" in parts:
        tail += f" offset {_offset(parts['offset'])}"

    sources = f'from {_quote(root.name)} as "t"' + "".join(
        f" left join {_quote(target)} as {_quote(join)} "
        f'on {_quote(join)}."Id" = "t".{_quote(root_key)}'
        for join, (target, root_key) in _join_targets(compilation).items()
    )
    where = " where " + " and ".join(conditions) if conditions else ""
    if is_count and tail:
        # A limit caps what COUNT() counts.
        sql = f"select count(*) from (select 1 {sources}{where}{tail})"
    else:
        sql = f"select {columns} {sources}{where}{tail}"
    return CompiledQuery(root.name, names, sql, tuple(compilation.parameters), is_count)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = Path(__file__).with_name("soql.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr")


def _parse(soql: str) -> Tree[Token]:
    try:
        return _parser().parse(soql)
    except UnexpectedInput as error:
        column = max(getattr(error, "column", 1) or 1, 1)
        found = soql[column - 1 :].split(maxsplit=1)[:1] or ["<EOF>"]
        message = f"\n{soql}\n^\nERROR at Row:1:Column:{column}\nunexpected token: '{found[0]}'"
        raise SoqlError("MALFORMED_QUERY", message) from None


def _items(parts: Mapping[str, Tree[Token]]) -> Sequence[Tree[Token]]:
    return [item for item in parts["items"].children if isinstance(item, Tree)]


def _refuse_unsupported(parts: Mapping[str, Tree[Token]], root: SObject, *, bulk: bool) -> None:
    if bulk and not root.is_bulk_supported:
        raise SoqlError("INVALIDENTITY", f"Entity '{root.name}' is not supported by the Bulk API.")
    if bulk and "count_all" in parts:
        raise SoqlError("INVALIDJOB", "Aggregate queries are not supported in Bulk Query")
    if bulk and "offset" in parts:
        raise SoqlError("INVALIDJOB", "OFFSET is not supported in Bulk Query")
    if "unsupported_group" in parts:
        raise SoqlError("MALFORMED_QUERY", "GROUP BY is not supported by this org")


def _select_item(
    item: Tree[Token], compilation: _Compilation, alias: str | None, *, bulk: bool
) -> tuple[str, str]:
    if item.data == "subquery_item":
        message = "Nested queries are not supported" + (" in Bulk Query" if bulk else "")
        raise SoqlError("MALFORMED_QUERY", message)
    if item.data == "function_item":
        name = str(item.children[0])
        raise SoqlError("MALFORMED_QUERY", f"function {name}() is not supported in this query")
    described, expression, path = _resolve(item.children[0], compilation, alias)
    if bulk and described.type in {"address", "location"}:
        raise SoqlError("FUNCTIONALITY_NOT_ENABLED", f"Compound field {path} is not supported")
    if bulk and described.type == "base64":
        raise SoqlError("INVALIDJOB", f"Binary field {path} is not supported in Bulk Query")
    return path, expression


def _resolve(
    node: Any, compilation: _Compilation, alias: str | None
) -> tuple[SObjectField, str, str]:
    """Find a field: the describe entry, the SQL expression, and its canonical path."""
    path = [str(token) for token in node.children]
    if alias is not None and len(path) > 1 and path[0].lower() == alias:
        path = path[1:]
    root = compilation.root
    if len(path) == 1:
        described = _described(root, path[0])
        return described, f'"t".{_quote(described.name)}', described.name
    if len(path) > 2:
        raise SoqlError("MALFORMED_QUERY", "only one level of relationship fields is supported")
    reference = next(
        (
            candidate
            for candidate in root.fields.values()
            if (candidate.relationship_name or "").lower() == path[0].lower()
        ),
        None,
    )
    target = compilation.schema.get((reference.reference_to or "").lower()) if reference else None
    if reference is None or target is None:
        message = f"Didn't understand relationship '{path[0]}' in field path."
        raise SoqlError("INVALID_FIELD", message)
    described = _described(target, path[1])
    relationship = str(reference.relationship_name)
    compilation.joins[relationship] = reference.name
    expression = f"{_quote(relationship)}.{_quote(described.name)}"
    return described, expression, f"{relationship}.{described.name}"


def _described(sobject: SObject, name: str) -> SObjectField:
    described = sobject.fields.get(name.lower())
    if described is None:
        message = (
            f"No such column '{name}' on entity '{sobject.name}'. If you are attempting to use a "
            "custom field, be sure to append the '__c' after the custom field name. Please "
            "reference your WSDL or the describe call for the appropriate names."
        )
        raise SoqlError("INVALID_FIELD", message)
    return described


def _join_targets(compilation: _Compilation) -> dict[str, tuple[str, str]]:
    targets = {}
    for relationship, key in compilation.joins.items():
        reference = compilation.root.fields[key.lower()]
        target = compilation.schema[str(reference.reference_to).lower()]
        targets[relationship] = (target.name, key)
    return targets


def _condition(node: Any, compilation: _Compilation, alias: str | None) -> str:
    kind = str(node.data)
    if kind in {"any_of", "all_of"}:
        glue = " or " if kind == "any_of" else " and "
        inner = (_condition(child, compilation, alias) for child in node.children)
        return "(" + glue.join(inner) + ")"
    if kind == "negated":
        return f"(not {_condition(node.children[0], compilation, alias)})"
    described, expression, path = _resolve(node.children[0], compilation, alias)
    if not described.filterable:
        message = f"field '{path}' can not be filtered in a query call"
        raise SoqlError("INVALID_FIELD", message)
    if kind == "like":
        if described.type not in _TEXT_TYPES:
            raise SoqlError("INVALID_FIELD", f"invalid operator on {described.type} field '{path}'")
        pattern = compilation.bind(_like_pattern(str(node.children[1])))
        return f"coalesce({expression} ilike {pattern} escape '\\', false)"
    if kind in {"in_list", "not_in_list"}:
        options = [
            _compare(described, expression, path, "=", value, compilation)
            for value in node.children[1].children
        ]
        joined = "(" + " or ".join(options) + ")"
        return joined if kind == "in_list" else f"(not {joined})"
    operator = str(node.children[1]).replace("<>", "!=")
    return _compare(described, expression, path, operator, node.children[2], compilation)


def _compare(
    described: SObjectField,
    expression: str,
    path: str,
    operator: str,
    value: Any,
    compilation: _Compilation,
) -> str:
    kind = str(value.data)
    if kind == "null":
        if operator == "=":
            return f"({expression} is null)"
        if operator == "!=":
            return f"({expression} is not null)"
        return "false"
    if kind == "date_function" or (kind == "date" and described.type == "datetime"):
        return _compare_range(described, expression, path, operator, value, compilation)
    literal = _literal(described, path, value)
    if described.type in _TEXT_TYPES:
        expression, literal = f"lower({expression})", str(literal).lower()
    elif described.type in _ID_TYPES:
        expression, literal = f"left({expression}, 15)", str(literal)[:15]
    bound = compilation.bind(literal)
    if described.type in _NUMBER_TYPES:
        bound = f"cast({bound} as decimal(38, 9))"
    if operator == "!=":
        return f"({expression} is distinct from {bound})"
    return f"coalesce({expression} {operator} {bound}, false)"


def _literal(described: SObjectField, path: str, value: Any) -> object:
    kind = str(value.data)
    token = str(value.children[0]) if value.children else ""
    expected = described.type
    accepted = {
        "string": expected in _TEXT_TYPES | _ID_TYPES or expected == "time",
        "number": expected in _NUMBER_TYPES,
        "true": expected == "boolean",
        "false": expected == "boolean",
        "datetime": expected == "datetime",
        "date": expected == "date",
    }
    if not accepted.get(kind, False):
        enclosed = "" if expected in _TEXT_TYPES | _ID_TYPES else " not"
        message = (
            f"value of filter criterion for field '{path}' must be of type {expected} and "
            f"should{enclosed} be enclosed in quotes"
        )
        raise SoqlError("INVALID_FIELD", message)
    if kind == "string":
        return _unescape(token)
    if kind in {"true", "false"}:
        return kind == "true"
    if kind == "datetime":
        return _moment(token)
    if kind == "date":
        return _day(token)
    return token


def _compare_range(
    described: SObjectField,
    expression: str,
    path: str,
    operator: str,
    value: Any,
    compilation: _Compilation,
) -> str:
    """Compare with a span of days, given as its first day and the day after its last."""
    if described.type not in {"date", "datetime"}:
        raise SoqlError("INVALID_FIELD", f"field '{path}' can not be compared with a date")
    if value.data == "date":
        first = _day(str(value.children[0]))
        after = first + timedelta(days=1)
    else:
        first, after = _date_function([str(part) for part in value.children], compilation.today)
    as_datetime = described.type == "datetime"

    def edge(day: date) -> str:
        moment = datetime.combine(day, time(), UTC)
        return compilation.bind(moment if as_datetime else day)

    if operator in {"<", ">="}:
        return f"coalesce({expression} {operator} {edge(first)}, false)"
    if operator in {">", "<="}:
        plain = ">=" if operator == ">" else "<"
        return f"coalesce({expression} {plain} {edge(after)}, false)"
    inside = f"coalesce({expression} >= {edge(first)} and {expression} < {edge(after)}, false)"
    return inside if operator == "=" else f"(not {inside})"


def _date_function(parts: Sequence[str], today: datetime) -> tuple[date, date]:
    """The span of a date literal such as LAST_N_MONTHS:3: its first day, the day after its last."""
    name = ":".join(parts).upper()
    named = {"TODAY": "THIS_DAY", "YESTERDAY": "LAST_DAY", "TOMORROW": "NEXT_DAY"}
    name = re.sub(r"^(LAST|NEXT)_90_DAYS$", r"\1_N_DAYS:90", named.get(name, name))
    matched = _DATE_FUNCTION.fullmatch(name)
    if matched is None:
        raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{':'.join(parts)}'")
    day = today.date()
    which, unit, direction, units, ago, count = matched.groups()
    try:
        if which:
            offset = {"LAST": -1, "THIS": 0, "NEXT": 1}[which]
            return _period(unit, day, offset), _period(unit, day, offset + 1)
        number = int(count)
        if ago:
            return _period(ago, day, -number), _period(ago, day, 1 - number)
        if direction == "NEXT":
            return _period(units, day, 1), _period(units, day, number + 1)
        # The last days include today, the last months not this month.
        return _period(units, day, -number), _period(units, day, 1 if units == "DAY" else 0)
    except (OverflowError, ValueError):
        raise SoqlError("MALFORMED_QUERY", f"number out of range: '{':'.join(parts)}'") from None


def _period(unit: str, day: date, offset: int) -> date:
    """The first day of the day, week, month, quarter or year `offset` after that of `day`."""
    if unit == "DAY":
        return day + timedelta(days=offset)
    if unit == "WEEK":
        sunday = day - timedelta(days=day.isoweekday() % 7)
        return sunday + timedelta(weeks=offset)
    months = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}[unit]
    index = ((day.year * 12 + day.month - 1) // months + offset) * months
    return date(index // 12, index % 12 + 1, 1)


def _ordering(node: Any, compilation: _Compilation, alias: str | None) -> str:
    described, expression, path = _resolve(node.children[0], compilation, alias)
    if not described.sortable:
        raise SoqlError("MALFORMED_QUERY", f"field '{path}' can not be sorted in a query call")
    words = [str(token).lower() for token in node.children[1:]]
    direction = "desc" if "desc" in words else "asc"
    # Salesforce puts nulls first unless told otherwise, in both directions.
    nulls = "last" if "last" in words else "first"
    return f"{expression} {direction} nulls {nulls}"


def _offset(node: Tree[Token]) -> int:
    offset = int(str(node.children[0]))
    if offset > MAXIMUM_OFFSET:
        message = f"SOQL offset should be less than or equal to {MAXIMUM_OFFSET}"
        raise SoqlError("NUMBER_OUTSIDE_VALID_RANGE", message)
    return offset


def _like_pattern(token: str) -> str:
    # A backslash keeps % and _ literal in SOQL as in SQL; other escapes are resolved here.
    kept = re.sub(r"\\([%_])", "\0\\1", token[1:-1])
    return _unescape(f"'{kept}'").replace("\\", "\\\\").replace("\0", "\\")


def _unescape(token: str) -> str:
    escapes = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
    return re.sub(
        r"\\(.)", lambda match: escapes.get(match[1], match[1]), token[1:-1], flags=re.DOTALL
    )


def _moment(token: str) -> datetime:
    try:
        return datetime.fromisoformat(token.upper())
    except ValueError:
        raise SoqlError("MALFORMED_QUERY", f"invalid datetime: {token}") from None


def _day(token: str) -> date:
    try:
        return date.fromisoformat(token)
    except ValueError:
        raise SoqlError("MALFORMED_QUERY", f"invalid date: {token}") from None


def _first_repeat(names: Sequence[str]) -> str:
    lowered = [name.lower() for name in names]
    return next(name for name in names if lowered.count(name.lower()) > 1)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
